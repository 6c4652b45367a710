package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.exec.Entry;
import dev.pawl.exec.HandOver;
import dev.pawl.exec.Recorded;
import dev.pawl.exec.Writer;
import dev.pawl.flow.Flow;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Things that happen to one run at the same time are written in one transaction, and must not hide each other. */
class BatchTest {

    private static final Json INPUT = new Json("{}");

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final List<TaskKey> stopped = new ArrayList<>();
    private final Steps one = Steps.of(1, task -> new Json("7"));
    private final Steps two = Steps.of(2, task -> new Json("7"));
    private Store store;

    private HandDriven worker(Database database, Program program) {
        store = Database.open(database.url());
        return new HandDriven(store, clock, List.of(program));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void write(Entry... entries) {
        var after = new Writer.AfterCommit() {
            @Override
            public void ended(RunId run, Writer.Ended how) {}

            @Override
            public void cancelled(List<TaskKey> tasks) {
                stopped.addAll(tasks);
            }

            @Override
            public void held(Set<RunId> runs) {}

            @Override
            public void succeeded(TaskKey task, Payload output) {}

            @Override
            public void waiting(long dueAt) {}
        };
        new Writer(store, clock, HandOver.NONE, after).write(List.of(entries), new Writer.Doubt());
    }

    private static Entry ending(HandDriven worker, Program program, Tx.Claim claim) {
        return new Entry.Ending(
                program, claim.task(), worker.attempt(claim), Recorded.NONE, true, new CompletableFuture<>());
    }

    private static Entry command(RunId run, Entry.Verb verb) {
        return new Entry.Command(run, verb, "ann", "", new CompletableFuture<>());
    }

    @ParameterizedTest
    @EnumSource
    void a_run_resumed_in_the_transaction_of_its_last_end_succeeds(Database database) {
        var worker = worker(database, one);
        var run = worker.submit(one, INPUT);
        var claim = worker.claim(1).getFirst();
        worker.command(run, Entry.Verb.PAUSE);
        write(ending(worker, one, claim), command(run, Entry.Verb.RESUME));
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_resumed_in_the_transaction_of_an_end_goes_on(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        var claim = worker.claim(1).getFirst();
        worker.command(run, Entry.Verb.PAUSE);
        write(ending(worker, two, claim), command(run, Entry.Verb.RESUME));
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_paused_in_the_transaction_of_an_end_starts_nothing(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        var claim = worker.claim(1).getFirst();
        write(ending(worker, two, claim), command(run, Entry.Verb.PAUSE));
        assertThat(worker.claim(10)).isEmpty();
        worker.command(run, Entry.Verb.RESUME);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_blocked_in_the_transaction_of_another_end_starts_nothing(Database database) {
        var flow = Flow.define("forked", String.class, (f, input) -> {
            var bad = f.step("bad", String.class, input, text -> {
                throw new Failure.Auth("token expired");
            });
            var good = f.step("good", String.class, input, text -> text);
            var next = f.step("next", String.class, good, text -> text);
            return f.step("join", String.class, bad, next, (a, b) -> a + b);
        });
        var worker = worker(database, flow);
        var run = worker.submit(flow, new Json("\"x\""));
        var claims = worker.claim(2);
        var good = claims.stream()
                .filter(claim -> claim.task().key().name().equals("good"))
                .findFirst()
                .orElseThrow();
        var bad = claims.stream()
                .filter(claim -> claim.task().key().name().equals("bad"))
                .findFirst()
                .orElseThrow();
        write(ending(worker, flow, good), ending(worker, flow, bad));
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.BLOCKED);
        assertThat(worker.claim(10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_cancelled_in_the_transaction_of_an_end_starts_nothing(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        var claim = worker.claim(1).getFirst();
        write(ending(worker, two, claim), command(run, Entry.Verb.CANCEL));
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(worker.claim(10)).isEmpty();
        assertThat(store.tasks(run, null, 0, 10)).hasSize(1);
    }

    /** The end of the run is the last that its history tells, whatever ended beside it. */
    @ParameterizedTest
    @EnumSource
    void what_ends_together_with_the_end_of_its_run_is_told_before_it(Database database) {
        var flow = Flow.define("together", String.class, (f, input) -> {
            var bad = f.step("bad", String.class, input, text -> {
                throw new Failure.Logic("never");
            });
            var good = f.step("good", String.class, input, text -> text);
            return f.step("join", String.class, bad, good, (a, b) -> a + b);
        });
        var worker = worker(database, flow);
        var run = worker.submit(flow, new Json("\"x\""));
        var ends = worker.claim(2).stream()
                .map(claim -> ending(worker, flow, claim))
                .toList();
        write(ends.get(0), ends.get(1));
        assertThat(store.events(run, 0, 100))
                .extracting(event -> event.kind())
                .contains("task.succeeded", "task.failed")
                .endsWith("run.failed");
    }

    /** A deadline that comes up just when the run ends has come too late. */
    @ParameterizedTest
    @EnumSource
    void a_deadline_in_the_transaction_of_the_last_end_changes_nothing(Database database) {
        var worker = worker(database, one);
        var run = worker.submit(one, INPUT, null, clock.now() + 1_000, null);
        var task = worker.claim(1).getFirst();
        clock.advance(Duration.ofSeconds(1));
        var deadline = worker.claim(1).getFirst();
        assertThat(deadline.task().key().name()).isEqualTo(TaskKey.DEADLINE);
        write(
                ending(worker, one, task),
                ending(worker, one, deadline),
                new Entry.Expiry(run, new CompletableFuture<>()));
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(worker.claim(10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_is_paused_again_while_its_end_is_written_ends_when_it_is_resumed(Database database) {
        var worker = worker(database, one);
        var run = worker.submit(one, INPUT);
        var task = worker.claim(1).getFirst();
        worker.command(run, Entry.Verb.PAUSE);
        worker.end(task, worker.attempt(task));
        worker.command(run, Entry.Verb.RESUME);
        var end = worker.claim(1).getFirst();
        worker.command(run, Entry.Verb.PAUSE);
        assertThat(worker.end(end, worker.attempt(end))).isTrue();
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.PAUSED);
        worker.command(run, Entry.Verb.RESUME);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(worker.output(run)).isEqualTo(new Json("7"));
    }

    /** Others of the run go on, so they must not be told to stop. */
    @ParameterizedTest
    @EnumSource
    void only_the_tasks_that_are_cancelled_are_stopped(Database database) {
        var flow = Flow.defineList("beside", Integer.class, (f, numbers) -> {
            var map = f.map("map", Integer.class, numbers, number -> {
                        throw new Failure.Logic("no");
                    })
                    .onExhausted(dev.pawl.flow.Exhausted.SKIP);
            var beside = f.step("beside", Integer.class, numbers, all -> all.size());
            return f.step("join", Integer.class, map.optional(), beside, (none, size) -> size);
        });
        var worker = worker(database, flow);
        var run = worker.submit(flow, new Json("[1,2]"));
        var claims = worker.claim(3);
        var first = claims.stream()
                .filter(claim -> claim.task().key().name().equals("map"))
                .findFirst()
                .orElseThrow();
        write(ending(worker, flow, first));
        assertThat(stopped).extracting(TaskKey::name).containsExactly("map");
        claims.stream()
                .filter(claim -> claim.task().key().name().equals("beside"))
                .forEach(claim ->
                        assertThat(worker.end(claim, worker.attempt(claim))).isTrue());
        worker.drain();
        assertThat(worker.output(run)).isEqualTo(new Json("2"));
    }
}
