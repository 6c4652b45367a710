package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.Submit;
import dev.pawl.exec.Refused;
import dev.pawl.job.Job;
import dev.pawl.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same key gives the same run, for ever and to everybody. */
class SubmitOnceTest {

    private static final int THREADS = 8;
    private static final Json INPUT = new Json("{}");
    private static final Duration IN_A_MINUTE = Duration.ofMinutes(-1);

    private final Steps program = Steps.of(1, task -> new Json("7"));
    private final Steps other = program.named("steps:other");

    @ParameterizedTest
    @EnumSource
    void submitting_a_key_from_many_threads_of_two_pawls_at_once_gives_one_run(Database database) throws Exception {
        var keys = IntStream.range(0, 50).mapToObj(i -> "order-" + i).toList();
        try (var fleet = new Fleet(database);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var pawls = List.of(fleet.open(program), fleet.open(program));
            var barrier = new CyclicBarrier(THREADS);
            var answers = new ArrayList<Future<Map<String, RunId>>>();
            for (int thread = 0; thread < THREADS; thread++) {
                var pawl = pawls.get(thread % 2);
                var mine = new ArrayList<>(keys);
                Collections.shuffle(mine, new Random(thread)); // in another order each, so that they meet crosswise
                answers.add(threads.submit(() -> {
                    barrier.await();
                    var runs = new HashMap<String, RunId>();
                    for (String key : mine)
                        runs.put(
                                key,
                                pawl.submit(program, INPUT, Submit.once(key)).id());
                    return runs;
                }));
            }
            var first = answers.getFirst().get();
            for (var answer : answers) assertThat(answer.get()).isEqualTo(first);
            assertThat(pawls.getFirst().list(new Store.RunFilter(null, null, null, 1_000)))
                    .hasSize(keys.size())
                    .allSatisfy(run -> assertThat(first).containsEntry(run.key(), run.id()));
            for (var run : first.values()) {
                assertThat(pawls.getFirst().handle(run).await(Fleet.PATIENCE)).isEqualTo(new Json("7"));
                assertThat(Fleet.story(pawls.getFirst(), run)).containsOnlyOnce("run.queued", "task.started a[0]");
            }
        }
    }

    /** E18: the handler runs once, and both callers get the same response, or the same error. */
    @ParameterizedTest
    @EnumSource
    void whoever_comes_second_gets_what_the_first_one_got(Database database) throws Exception {
        var calls = new AtomicInteger();
        var job = Job.define(
                "answer",
                Boolean.class,
                Integer.class,
                (io, well) -> io.call("handle", Integer.class, () -> {
                    int call = calls.incrementAndGet();
                    if (!well) throw new Failure.Logic("refused " + call);
                    return call;
                }));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(job);
            for (int i = 0; i < 2; i++) {
                assertThat(pawl.submit(job, true, Submit.once("good")).await(Fleet.PATIENCE))
                        .isEqualTo(1);
            }
            for (int i = 0; i < 2; i++) {
                var bad = pawl.submit(job, false, Submit.once("bad"));
                assertThatThrownBy(() -> bad.await(Fleet.PATIENCE))
                        .isInstanceOf(RunFailed.class)
                        .hasMessageContaining("refused 2");
            }
            assertThat(calls).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_key_belongs_to_its_program(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program, other);
            var one = pawl.submit(program, INPUT, Submit.once("k"));
            var two = pawl.submit(other, INPUT, Submit.once("k"));
            assertThat(one.id()).isNotEqualTo(two.id());
            assertThat(pawl.submit(other, new Json("[]"), Submit.once("k")).id())
                    .isEqualTo(two.id());
            assertThat(one.await(Fleet.PATIENCE)).isEqualTo(two.await(Fleet.PATIENCE));
        }
    }

    /** The key outlives the run's data, and nobody is told an output that is not there any more. */
    @ParameterizedTest
    @EnumSource
    void a_key_gives_the_same_run_after_it_was_pruned(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var first = pawl.submit(program, INPUT, Submit.once("order-42"));
            first.await(Fleet.PATIENCE);
            assertThat(pawl.prune(IN_A_MINUTE)).isEqualTo(1);
            var again = pawl.submit(program, INPUT, Submit.once("order-42"));
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(pawl.tasks(first.id(), 10)).isEmpty();
            assertThatThrownBy(() -> again.await(Fleet.PATIENCE))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refused.Why.PRUNED))
                    .hasMessageContaining(first.id().toString());
        }
    }
}
