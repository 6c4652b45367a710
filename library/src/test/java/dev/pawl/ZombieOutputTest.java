package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.flow.Flow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a worker came to that had lost its lease is nothing, in its own memory too. */
class ZombieOutputTest {

    @ParameterizedTest
    @EnumSource
    void a_result_that_did_not_count_is_not_read_by_the_next_task_of_the_same_worker(Database database) {
        var calls = new AtomicInteger();
        var flow = Flow.define("twice", Integer.class, (f, n) -> {
            var first = f.step("first", Integer.class, n, value -> calls.incrementAndGet());
            return f.step("second", Integer.class, first, value -> value * 10);
        });
        try (var stage = new Stage(database)) {
            var zombie = stage.worker(flow);
            var other = stage.worker(flow);
            var run = zombie.submit(flow, new Json("0"));
            var lost = zombie.claim(1).getFirst();
            var verdict = zombie.attempt(lost);
            stage.clock.advance(Duration.ofSeconds(10));
            assertThat(other.step()).isTrue();
            assertThat(zombie.end(lost, verdict)).isFalse();
            zombie.drain();
            assertThat(zombie.output(run)).isEqualTo(new Json("20"));
        }
    }
}
