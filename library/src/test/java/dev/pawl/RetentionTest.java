package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Submit;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What has ended long ago is deleted a little at a time; what is open stays, however old. */
class RetentionTest {

    private static final Json INPUT = new Json("{}");
    private static final Duration IN_A_MINUTE = Duration.ofMinutes(-1);

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final Steps program = Steps.of(1, task -> {
        if (task.outputs().input().text().equals("\"login\"")) throw new Failure.Auth("token expired");
        if (task.outputs().input().text().equals("\"wrong\"")) throw new Failure.Logic("wrong");
        return Json.NULL;
    });

    @ParameterizedTest
    @EnumSource
    void only_runs_that_ended_before_the_time_go_and_only_so_many_at_once(Database database) {
        try (Store store = Database.open(database.url())) {
            var worker = new HandDriven(store, clock, List.of(program));
            var old = new ArrayList<RunId>();
            for (int i = 0; i < 5; i++) old.add(submit(worker, INPUT));
            old.add(submit(worker, new Json("\"wrong\"")));
            worker.drain();
            var cancelled = worker.submit(program, INPUT);
            worker.command(cancelled, Verb.CANCEL);
            old.add(cancelled);
            clock.advance(Duration.ofDays(30));
            long before = clock.now();
            clock.advance(Duration.ofMillis(1));
            var young = submit(worker, INPUT);
            worker.drain();
            assertThat(prune(store, before, 3)).hasSize(3);
            assertThat(prune(store, before, 3)).hasSize(3);
            assertThat(prune(store, before, 3)).hasSize(1);
            assertThat(prune(store, before, 3)).isEmpty();
            assertThat(store.runs(new Store.RunFilter(null, null, null, 100)))
                    .extracting(run -> run.id())
                    .containsExactly(young);
            for (RunId gone : old) {
                assertThat(store.tasks(gone, null, 0, 10)).isEmpty();
                assertThat(store.events(gone, 0, 10)).isEmpty();
            }
            assertThat(store.tasks(young, null, 0, 10)).hasSize(1);
            assertThat(store.events(young, 0, 10)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_runs_are_never_pruned(Database database) {
        try (Store store = Database.open(database.url())) {
            var worker = new HandDriven(store, clock, List.of(program));
            var blocked = submit(worker, new Json("\"login\""));
            worker.drain();
            var paused = submit(worker, INPUT);
            worker.claim(1);
            worker.command(paused, Verb.PAUSE);
            var running = submit(worker, INPUT);
            assertThat(worker.claim(1)).hasSize(1);
            var queued = submit(worker, INPUT);
            clock.advance(Duration.ofDays(3_650));
            assertThat(prune(store, clock.now(), 100)).isEmpty();
            assertThat(List.of(blocked, paused, running, queued))
                    .extracting(run -> store.run(run).orElseThrow().status())
                    .containsExactly(RunStatus.BLOCKED, RunStatus.PAUSED, RunStatus.RUNNING, RunStatus.QUEUED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_of_long_ago_that_ended_only_now_stays(Database database) {
        try (Store store = Database.open(database.url())) {
            var worker = new HandDriven(store, clock, List.of(program));
            var slow = submit(worker, INPUT);
            clock.advance(Duration.ofDays(60));
            worker.drain();
            assertThat(prune(store, clock.now() - Duration.ofDays(30).toMillis(), 100))
                    .isEmpty();
            assertThat(store.run(slow)).isPresent();
            clock.advance(Duration.ofDays(31));
            assertThat(prune(store, clock.now() - Duration.ofDays(30).toMillis(), 100))
                    .containsExactly(slow);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pruning_on_demand_goes_on_until_nothing_old_is_left(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var handles = new ArrayList<Handle<Json>>();
            for (int i = 0; i < 450; i++) handles.add(pawl.submit(program, INPUT, key(i)));
            for (var handle : handles) handle.await(Fleet.PATIENCE);
            assertThat(pawl.prune(Duration.ofDays(1))).isZero();
            assertThat(pawl.prune(IN_A_MINUTE)).isEqualTo(450);
            assertThat(pawl.prune(IN_A_MINUTE)).isZero();
            assertThat(handles)
                    .filteredOn(handle -> pawl.find(handle.id()).isPresent())
                    .hasSize(10);
        }
    }

    /** Ten of them have keys, which must go on naming them. */
    private static Submit key(int number) {
        return number % 45 == 0 ? Submit.once("k" + number) : Submit.NOW;
    }

    @ParameterizedTest
    @EnumSource
    void a_pruned_run_cannot_be_retried(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var failed = pawl.submit(program, new Json("\"wrong\""), Submit.once("k"));
            Fleet.fails(failed);
            assertThat(pawl.prune(IN_A_MINUTE)).isEqualTo(1);
            assertThatThrownBy(() -> pawl.retry(failed.id(), "ann"))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refused.Why.PRUNED));
        }
    }

    private RunId submit(HandDriven worker, Json input) {
        clock.advance(Duration.ofMillis(1));
        return worker.submit(program, input);
    }

    private static List<RunId> prune(Store store, long before, int limit) {
        return store.write(tx -> tx.prune(before, limit));
    }
}
