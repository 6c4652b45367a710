package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.flow.Flow;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.testkit.HandDriven;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While the database is away, no task has failed. */
class AwayTest {

    private static final Set<String> READS = Set.of("tasks", "effects", "run");

    /** The store of a stage, from which tasks can read nothing while it is away. */
    private static Store store(Stage stage, AtomicBoolean away) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (away.get() && READS.contains(method.getName())) {
                        throw new StoreException.Unavailable("the server restarts", null);
                    }
                    try {
                        return method.invoke(stage.store, arguments);
                    } catch (InvocationTargetException wrapped) {
                        throw wrapped.getTargetException();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_that_cannot_read_is_given_back_unspent(Database database) {
        var away = new AtomicBoolean();
        var flow = Flow.define("patient", Integer.class, (f, n) -> {
            var first = f.step("first", Integer.class, n, value -> value + 1);
            return f.ioStep("second", Integer.class, first, (value, io) -> {
                        if (io.attempt() == 1) throw new IllegalStateException("once more");
                        return value * 10;
                    })
                    .retry(Retry.times(2));
        });
        try (var stage = new Stage(database)) {
            var run = stage.worker(flow).submit(flow, new Json("1"));
            stage.worker(flow).drain();
            stage.clock.advance(Duration.ofHours(1));
            var worker = new HandDriven(store(stage, away), stage.clock, List.of(flow));
            var claim = worker.claim(1).getFirst();
            away.set(true);
            var verdict = worker.attempt(claim);
            away.set(false);
            assertThat(worker.end(claim, verdict)).isTrue();
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            assertThat(stage.task(run, "second", 0).spent()).isEqualTo(1);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("20"));
        }
    }
}
