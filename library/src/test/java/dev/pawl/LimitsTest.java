package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.core.QueueLimit;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Submit;
import dev.pawl.flow.Flow;
import dev.pawl.flow.FlowProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits hold over all workers, and at every moment: bodies that run at the same time are counted by the test itself. */
class LimitsTest {

    private static final Json INPUT = new Json("{}");
    private static final String NARROW = "narrow";

    private final Crowd crowd = new Crowd();
    private final Gate gate = new Gate();

    /** Two tasks one after the other, so that limits must also hold for what a commit creates. */
    private final Steps pair = Steps.of(2, task -> {
        String key = task.run().placement().key();
        crowd.enter(key);
        gate.pass();
        crowd.leave(key);
        return Json.NULL;
    });

    @ParameterizedTest
    @EnumSource
    void a_queue_never_runs_more_than_its_limits_over_three_workers(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var first = fleet.open(
                    settings -> settings.worker(settings.worker().queues(List.of(NARROW)))
                            .limits(QueueLimit.running(NARROW, 5).andPerKey(2)),
                    pair);
            fleet.worker(worker -> worker.queues(List.of(NARROW)), pair);
            fleet.worker(worker -> worker.queues(List.of(NARROW)), pair);
            var handles = new ArrayList<Handle<Json>>();
            for (int i = 0; i < 60; i++) {
                handles.add(first.submit(pair, INPUT, Submit.NOW.in(NARROW).on("key" + i % 3)));
            }
            for (int finished = 0; finished < 10; finished++) {
                int ended = finished;
                await().until(() -> crowd.now() == 5 && crowd.done() == ended);
                gate.letPass(1);
            }
            gate.open();
            for (var handle : handles) handle.await(Fleet.PATIENCE);
            assertThat(crowd.done()).isEqualTo(120);
            assertThat(crowd.most()).isEqualTo(5);
            for (int key = 0; key < 3; key++)
                assertThat(crowd.mostOf("key" + key)).isEqualTo(2);
        }
    }

    /** Nobody's work takes turns too, but no limit per key applies to it. */
    @ParameterizedTest
    @EnumSource
    void a_limit_per_key_leaves_work_without_a_key_alone(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(settings -> settings.limits(QueueLimit.perKey("default", 1)), pair);
            var handles = new ArrayList<Handle<Json>>();
            for (int i = 0; i < 4; i++) handles.add(pawl.submit(pair, INPUT));
            for (int i = 0; i < 4; i++) handles.add(pawl.submit(pair, INPUT, Submit.NOW.on("ann")));
            await().until(() -> crowd.now() == 5);
            gate.open();
            for (var handle : handles) handle.await(Fleet.PATIENCE);
            assertThat(crowd.mostOf("ann")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_small_customer_does_not_wait_behind_a_big_one(Database database) throws Exception {
        var before = new AtomicInteger();
        var bodies = Flow.define("bodies", Integer.class, (f, size) -> {
            var elements = f.list(
                    "elements",
                    Integer.class,
                    size,
                    n -> IntStream.range(0, n).boxed().toList());
            return f.mapIndexed("work", Integer.class, elements, (element, item) -> {
                gate.pass();
                crowd.leave("of " + item.total());
                before.set(item.total() == 2 ? crowd.doneOf("of 500") : before.get());
                return element;
            });
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(settings -> settings.limits(QueueLimit.running("default", 2)), bodies);
            var big = pawl.submit(bodies, 500, Submit.NOW.on("big"));
            await().until(() -> pawl.store().occupancy("default", "big").waiting() == 498);
            var small = pawl.submit(bodies, 2, Submit.NOW.on("small"));
            gate.open();
            assertThat(small.await(Fleet.PATIENCE)).containsExactly(0, 1);
            assertThat(big.await(Fleet.PATIENCE)).hasSize(500);
            assertThat(before.get()).isLessThan(50);
        }
    }

    /** The limit is in the database, so the newest declaration counts for everybody, whoever works already. */
    @ParameterizedTest
    @EnumSource
    void a_limit_that_is_declared_while_others_work_holds_for_them_too(Database database) throws Exception {
        var before = new CountDownLatch(3);
        var flow = Flow.define("spread", Integer.class, (f, size) -> {
            var wait = f.list("wait", Integer.class, size, n -> {
                before.countDown();
                gate.pass();
                return IntStream.range(0, n).boxed().toList();
            });
            return f.map("work", Integer.class, wait, element -> {
                        crowd.enter("");
                        Thread.onSpinWait();
                        crowd.leave("");
                        return element;
                    })
                    .queue(NARROW);
        });
        try (var fleet = new Fleet(database)) {
            var first = fleet.worker(worker -> worker.queues(List.of("default", NARROW)), flow);
            var handles = new ArrayList<Handle<List<Integer>>>();
            for (int i = 0; i < 3; i++) handles.add(first.submit(flow, 100));
            before.await();
            fleet.open(
                    settings -> settings.worker(settings.worker().slots(0)).limits(QueueLimit.running(NARROW, 1)),
                    flow);
            gate.open();
            for (var handle : handles) assertThat(handle.await(Fleet.PATIENCE)).hasSize(100);
            assertThat(crowd.most()).isEqualTo(1);
            assertThat(crowd.done()).isEqualTo(300);
        }
    }

    /** X7. */
    @ParameterizedTest
    @EnumSource
    void a_map_of_ten_thousand_never_runs_more_at_once_than_it_allows(Database database) throws Exception {
        var most = 8;
        var flow = Flow.define("wide", Integer.class, (f, size) -> {
            var numbers = f.list(
                    "numbers",
                    Integer.class,
                    size,
                    n -> IntStream.range(0, n).boxed().toList());
            return f.map("work", Integer.class, numbers, number -> {
                        crowd.enter("");
                        Thread.yield();
                        crowd.leave("");
                        return number;
                    })
                    .maxParallel(most);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            fleet.open(flow);
            var handle = pawl.submit(flow, 10_000);
            assertThat(handle.await(Fleet.PATIENCE))
                    .isEqualTo(IntStream.range(0, 10_000).boxed().toList());
            assertThat(crowd.most()).isBetween(2, most);
            assertThat(crowd.done()).isEqualTo(10_000);
            var progress = FlowProgress.of(pawl.run(handle.id()).run().state());
            assertThat(progress.steps()).contains(new FlowProgress.OfStep("work", "succeeded", 10_000, 0, 0, 10_000));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_progress_of_a_map_counts_what_is_done_running_and_still_to_come(Database database) throws Exception {
        var flow = Flow.defineList(
                "counted",
                Integer.class,
                (f, numbers) -> f.map("work", Integer.class, numbers, number -> {
                            gate.pass();
                            crowd.leave("");
                            return number;
                        })
                        .maxParallel(3));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, IntStream.range(0, 10).boxed().toList());
            gate.letPass(4);
            await().untilAsserted(() -> assertThat(
                            FlowProgress.of(pawl.run(handle.id()).run().state()).steps())
                    .containsExactly(new FlowProgress.OfStep("work", "running", 4, 0, 3, 10)));
            gate.open();
            handle.await(Fleet.PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_never_runs_more_than_its_slots(Database database) throws Exception {
        var crowds = List.of(new Crowd(), new Crowd());
        var programs = crowds.stream().map(mine -> counted(mine)).toList();
        try (var fleet = new Fleet(database)) {
            var first = fleet.worker(worker -> worker.slots(3), programs.get(0));
            fleet.worker(worker -> worker.slots(5), programs.get(1));
            var handle = first.submit(
                    programs.getFirst(), IntStream.range(0, 400).boxed().toList());
            await().until(() -> crowds.get(0).now() == 3 && crowds.get(1).now() == 5);
            gate.open();
            assertThat(handle.await(Fleet.PATIENCE)).hasSize(400);
            assertThat(crowds.get(0).most()).isEqualTo(3);
            assertThat(crowds.get(1).most()).isEqualTo(5);
            assertThat(crowds.get(0).done() + crowds.get(1).done()).isEqualTo(400);
        }
    }

    private Flow<List<Integer>, List<Integer>> counted(Crowd mine) {
        return Flow.defineList(
                "counted",
                Integer.class,
                (f, numbers) -> f.map("work", Integer.class, numbers, number -> {
                    mine.enter("");
                    gate.pass();
                    mine.leave("");
                    return number;
                }));
    }
}
