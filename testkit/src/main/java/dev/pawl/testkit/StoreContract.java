package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Definition;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.spi.EventLines;
import dev.pawl.spi.Store;
import dev.pawl.spi.Store.RunFilter;
import dev.pawl.spi.Tx.ClaimRequest;
import dev.pawl.spi.Tx.NewEvents;
import dev.pawl.spi.Tx.NewRun;
import dev.pawl.spi.Tx.RunUpdate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every store must do: runs, events and transactions. A store's tests extend this, {@link TaskContract},
 * {@link ClaimContract}, {@link LimitContract}, {@link MessageContract} and {@link StandingContract}.
 */
public abstract class StoreContract {

    private Store store;
    private Seed seed;

    /** Opens a store on an empty database. */
    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        seed = new Seed(store);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void a_new_run_comes_back_as_it_was_given() {
        var placement = new Placement("mail", Priority.LOW, "customer-7");
        var run = new Run(
                seed.id(),
                seed.definition(),
                RunStatus.BLOCKED,
                Reason.AUTH,
                placement,
                new Json("{\"a\":null}"),
                3,
                4L,
                5L);
        var retried = seed.id();
        var problem = new Json("{\"class\":\"AUTH\"}");
        store.write(tx -> tx.insertRuns(List.of(new NewRun(
                run,
                Seed.PROGRAM,
                "ключ 🔑",
                Payload.artifact("sha"),
                null,
                problem,
                1L,
                null,
                retried,
                Link.RETRY,
                null,
                false,
                new Json("{\"team\":\"a%b\"}")))));

        assertThat(store.run(run.id()))
                .contains(new RunDetails(
                        run,
                        Seed.PROGRAM,
                        "1",
                        "ключ 🔑",
                        Payload.artifact("sha"),
                        null,
                        null,
                        problem,
                        null,
                        1,
                        null,
                        retried,
                        Link.RETRY,
                        null,
                        new Json("{\"team\":\"a%b\"}")));
        Map<RunId, Run> locked = store.write(tx -> tx.lock(List.of(run.id(), seed.id())));
        assertThat(locked).isEqualTo(Map.of(run.id(), run));
    }

    @Test
    void a_taken_id_or_key_is_not_inserted_again() {
        NewRun first = seed.newRun(seed.id(), Placement.DEFAULT, "k");
        NewRun sameKey = seed.newRun(seed.id(), Placement.DEFAULT, "k");
        NewRun fresh = seed.newRun(seed.id(), Placement.DEFAULT, null);

        assertThat(insert(first)).containsExactly(id(first));
        assertThat(insert(first, sameKey, fresh)).containsExactly(id(fresh));
        assertThat(store.runByKey(Seed.PROGRAM, "k")).contains(id(first));
        Optional<RunId> inside = store.write(tx -> tx.runByKey(Seed.PROGRAM, "k"));
        assertThat(inside).contains(id(first));
        assertThat(store.runByKey("flow:other", "k")).isEmpty();
    }

    @Test
    void of_submitters_that_race_for_a_key_one_wins() {
        var winners = Racing.all(8, racer -> () -> {
            var runs = new ArrayList<NewRun>();
            for (int key = 0; key < 20; key++) runs.add(seed.newRun(seed.id(), Placement.DEFAULT, "key-" + key));
            Collections.shuffle(runs, new Random(racer));
            return store.write(tx -> tx.insertRuns(runs));
        });

        assertThat(winners.stream().mapToInt(Set::size).sum()).isEqualTo(20);
        for (int key = 0; key < 20; key++) {
            assertThat(store.runByKey(Seed.PROGRAM, "key-" + key)).isPresent();
        }
    }

    @Test
    void writers_that_lock_the_same_runs_in_any_order_all_get_through() {
        List<RunId> runs = seed.runs(Placement.DEFAULT, 12);
        var attempts = new AtomicInteger();
        Racing.all(8, racer -> () -> {
            var random = new Random(racer);
            for (int i = 0; i < 25; i++) {
                var some = new ArrayList<>(runs);
                Collections.shuffle(some, random);
                store.writes(tx -> {
                    attempts.incrementAndGet();
                    Map<RunId, Run> locked = tx.lock(some.subList(0, 6));
                    tx.update(
                            locked.values().stream().map(StoreContract::counted).toList());
                });
            }
            return true;
        });

        assertThat(attempts).as("no deadlock had to be resolved").hasValue(8 * 25);
        int counted = runs.stream().mapToInt(run -> details(run).run().seq()).sum();
        assertThat(counted).as("no update was lost").isEqualTo(8 * 25 * 6);
    }

    private static RunUpdate counted(Run run) {
        var next = new Run(
                run.id(),
                run.definition(),
                RunStatus.RUNNING,
                null,
                run.placement(),
                run.state(),
                run.seq() + 1,
                9L,
                null);
        return new RunUpdate(next, null, null, null, null);
    }

    @Test
    void what_is_not_given_with_an_update_stays() {
        RunId id = seed.run(Placement.DEFAULT, 0);
        Run run = details(id).run();
        var output = new Plan.Output.Collected("score", true);
        var problem = new Json("{}");
        update(with(run, RunStatus.SUCCEEDED, null), output, null, 70L);
        update(with(run, RunStatus.FAILED, null), null, problem, null);

        assertThat(details(id).collected()).isEqualTo(output);
        assertThat(details(id).endedAt()).isEqualTo(70);
        assertThat(details(id).problem()).isEqualTo(problem);

        update(with(run, RunStatus.BLOCKED, Reason.POLICY), new Plan.Output.Value(Payload.artifact("x")), null, null);
        assertThat(details(id).output()).isEqualTo(Payload.artifact("x"));
        assertThat(details(id).run().reason()).isEqualTo(Reason.POLICY);
        assertThat(details(id).problem()).isEqualTo(problem);

        update(with(run, RunStatus.RUNNING, null), null, null, null);
        assertThat(details(id).problem()).as("shown only where it belongs").isNull();
    }

    private void update(Run run, Plan.@Nullable Output output, @Nullable Json problem, @Nullable Long endedAt) {
        store.writes(tx -> tx.update(List.of(new RunUpdate(run, output, problem, null, endedAt))));
    }

    private static Run with(Run run, RunStatus status, @Nullable Reason reason) {
        return new Run(run.id(), run.definition(), status, reason, run.placement(), run.state(), 1, null, null);
    }

    @Test
    void an_exception_rolls_everything_back() {
        NewRun run = seed.newRun(seed.id(), Placement.DEFAULT, "k");

        assertThatThrownBy(() -> store.writes(tx -> {
                    tx.insertRuns(List.of(run));
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");

        assertThat(store.run(id(run))).isEmpty();
        assertThat(insert(run)).containsExactly(id(run));
    }

    @Test
    void a_broken_constraint_is_our_mistake_and_is_not_tried_again() {
        RunId run = seed.run(Placement.DEFAULT, 0);
        var event = new NewEvents(run, 1, Seed.NOW, "run.queued - {}");
        var attempts = new AtomicInteger();

        assertThatThrownBy(() -> store.writes(tx -> {
                    attempts.incrementAndGet();
                    tx.append(List.of(event));
                    tx.append(List.of(event));
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(attempts).hasValue(1);
        assertThat(store.events(run, 0, 10)).isEmpty();
    }

    @Test
    void events_are_found_in_the_middle_of_a_row() {
        RunId run = seed.run(Placement.DEFAULT, 0);
        append(run, 1, 3);
        append(run, 4, 1);
        append(run, 5, 4);

        for (int after = 0; after <= 9; after++) {
            for (int limit = 1; limit <= 9; limit++) {
                List<Integer> expected = new ArrayList<>();
                for (int seq = after + 1; seq <= Math.min(8, after + limit); seq++) expected.add(seq);
                assertThat(store.events(run, after, limit))
                        .extracting(Event::seq)
                        .isEqualTo(expected);
            }
        }
        assertThat(store.events(run, 4, 1))
                .containsExactly(new Event(5, 105, "task.noted", "work[5]", new Json("{\"n\":5}")));
        Optional<String> written = store.write(tx -> Optional.ofNullable(tx.eventsAt(run, 4)));
        assertThat(written).contains("task.noted work[4] {\"n\":4}");
        boolean nothing = store.write(tx -> tx.eventsAt(run, 2) == null);
        assertThat(nothing)
                .as("an event in the middle of a row was not written as its first")
                .isTrue();
    }

    private void append(RunId run, int first, int count) {
        var lines = new EventLines();
        for (int seq = first; seq < first + count; seq++) {
            lines.add("task.noted", "work[" + seq + "]", new Json("{\"n\":" + seq + "}"));
        }
        store.writes(tx -> tx.append(List.of(new NewEvents(run, first, 100 + first, lines.body()))));
    }

    @Test
    void runs_are_listed_newest_first_and_filtered() {
        List<RunId> runs = seed.runs(Placement.DEFAULT, 7);
        Run first = details(runs.getFirst()).run();
        update(with(first, RunStatus.FAILED, null), null, null, 5L);

        assertThat(store.runs(new RunFilter(null, null, null, 3)))
                .extracting(RunDetails::id)
                .containsExactly(runs.get(6), runs.get(5), runs.get(4));
        assertThat(store.runs(new RunFilter(null, Seed.PROGRAM, runs.get(2), 10)))
                .extracting(RunDetails::id)
                .containsExactly(runs.get(1), runs.get(0));
        assertThat(store.runs(new RunFilter(RunStatus.FAILED, null, null, 10)))
                .extracting(RunDetails::id)
                .containsExactly(runs.get(0));
        assertThat(store.runs(new RunFilter(null, "flow:none", null, 10))).isEmpty();
        assertThat(store.ended(runs)).isEqualTo(Map.of(runs.getFirst(), RunStatus.FAILED));
    }

    @Test
    void open_runs_are_told_from_those_that_ended_or_never_were() {
        List<RunId> runs = seed.runs(Placement.DEFAULT, 3);
        update(with(details(runs.getFirst()).run(), RunStatus.CANCELLED, null), null, null, 5L);

        assertThat(store.open(List.of(runs.get(0), runs.get(1), seed.id()))).containsExactly(runs.get(1));
        assertThat(store.open(List.of())).isEmpty();
    }

    @Test
    void runs_in_slots_are_found_in_their_order_until_they_end() {
        RunId b = inSlot("x:b");
        RunId a = inSlot("x:a");
        inSlot("y:a");

        assertThat(store.inSlots("x:", "x:z", 10)).extracting(RunDetails::id).containsExactly(a, b);
        assertThat(store.inSlots("x:", "x:z", 1)).extracting(RunDetails::slot).containsExactly("x:a");
        assertThat(store.inSlots("x:b", "x:b", 1)).extracting(RunDetails::id).containsExactly(b);
        update(with(details(a).run(), RunStatus.SUCCEEDED, null), null, null, 5L);
        assertThat(store.inSlots("x:", "x:z", 10)).extracting(RunDetails::id).containsExactly(b);
    }

    private RunId inSlot(String slot) {
        RunId id = seed.id();
        var plain = seed.newRun(id, Placement.DEFAULT, null);
        store.writes(tx -> tx.insertRuns(List.of(new NewRun(
                plain.run(),
                plain.program(),
                null,
                plain.input(),
                null,
                null,
                Seed.NOW,
                null,
                null,
                null,
                slot,
                false,
                null))));
        return id;
    }

    @Test
    void a_definition_is_stored_once_and_its_shape_stays() {
        var defined = Racing.all(
                4, racer -> () -> store.write(tx -> tx.define("flow:x", "2", new Json("\"" + racer + "\""), Seed.NOW)));

        assertThat(defined).hasSize(4).allMatch(defined.getFirst()::equals);
        assertThat(store.definitions()).extracting(Definition::program).contains(Seed.PROGRAM, "flow:x");
    }

    @Test
    void workers_are_known_with_what_they_serve() {
        int number = store.write(tx -> tx.insertWorker("host 12", List.of("a", "b"), List.of(3, 4), 8, 100));
        store.writes(tx -> tx.seen(number, 200, true));

        assertThat(store.workers())
                .contains(new dev.pawl.core.WorkerInfo(
                        number, "host 12", List.of("a", "b"), List.of(3, 4), 8, 100, 200, true));
    }

    @Test
    void workers_of_long_ago_are_forgotten_unless_they_hold_a_lease_or_are_the_newest() {
        seed.run(Placement.DEFAULT, 1);
        seed.run(Placement.DEFAULT.in("limited"), 1);
        store.writes(tx -> tx.limit(QueueLimit.running("limited", 1)));
        int limited = worker(Seed.NOW);
        assertThat(seed.claim(Placement.DEFAULT_QUEUE, 1)).hasSize(1);
        var request = seed.request("limited", 1, Seed.NOW);
        int claimed = store.write(tx -> tx.claim(new ClaimRequest(
                        limited, request.definitions(), request.queues(), 1, request.now(), request.until()))
                .size());
        assertThat(claimed).isEqualTo(1);
        int left = worker(Seed.NOW);
        store.writes(tx -> tx.seen(left, Seed.NOW + 1, true));
        int silent = worker(Seed.NOW);
        int lively = worker(Seed.NOW);
        store.writes(tx -> tx.seen(lively, Seed.NOW + 2, false));
        int newest = worker(Seed.NOW);

        int forgotten = store.write(tx -> tx.forgetWorkers(Seed.NOW + 2));

        assertThat(forgotten).isEqualTo(2);
        assertThat(store.workers())
                .extracting(worker -> worker.id())
                .containsExactlyInAnyOrder(seed.worker(), limited, lively, newest)
                .doesNotContain(silent);
        assertThat(worker(Seed.NOW)).isGreaterThan(newest);
    }

    private int worker(long at) {
        return store.write(tx -> tx.insertWorker("there", List.of(), List.of(), 1, at));
    }

    @Test
    void the_clock_of_the_database_runs() {
        long first = store.databaseTime();

        assertThat(first).isGreaterThan(1_700_000_000_000L);
        assertThat(store.databaseTime()).isGreaterThanOrEqualTo(first);
    }

    private Set<RunId> insert(NewRun... runs) {
        return store.write(tx -> tx.insertRuns(List.of(runs)));
    }

    private RunDetails details(RunId run) {
        return store.run(run).orElseThrow();
    }

    private static RunId id(NewRun run) {
        return run.run().id();
    }
}
