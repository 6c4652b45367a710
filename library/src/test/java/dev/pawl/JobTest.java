package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.job.Job;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs on both databases, with real workers. */
class JobTest {

    @ParameterizedTest
    @EnumSource
    void steps_are_done_once_and_waits_hold_no_thread(Database database) throws Exception {
        var first = new AtomicInteger();
        var second = new AtomicInteger();
        var greet = Job.define("greet", String.class, String.class, (job, name) -> {
            var hello = job.call("hello", String.class, () -> "Hello " + first.incrementAndGet());
            job.sleep(Duration.ofMillis(50));
            var asked = job.await("answer", String.class, Duration.ofMinutes(1));
            var end = job.call("end", String.class, () -> "!" + second.incrementAndGet());
            return hello + " " + name + " " + asked.orElse("nobody") + end;
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(greet);
            var handle = pawl.submit(greet, "world");
            assertThat(pawl.signal(handle.id(), "answer", new Json("\"yes\""), "1", "ann"))
                    .isTrue();
            assertThat(pawl.signal(handle.id(), "answer", new Json("\"no\""), "1", "ann"))
                    .isFalse();
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("Hello 1 world yes!1");
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.SUCCEEDED);
            System.out.println(Fleet.story(pawl, handle.id()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void children_are_waited_for(Database database) throws Exception {
        var child = Job.define(
                "child", Integer.class, Integer.class, (job, n) -> job.call("x", Integer.class, () -> n * 2));
        var parent = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            var a = job.start(child, n);
            var b = job.start(child, n + 1);
            return job.await(a) + job.await(b);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(child, parent);
            var handle = pawl.submit(parent, 5);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(22);
            System.out.println(Fleet.story(pawl, handle.id()));
        }
    }
}
