package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Submit;
import dev.pawl.flow.Flow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who works on what and when, and what {@code explain} says about a run that does not move. */
class QueueTest {

    private static final Json INPUT = new Json("{}");

    private final Gate gate = new Gate();
    private final CountDownLatch began = new CountDownLatch(1);

    /** Waits at the gate. */
    private final Steps waiting = Steps.of(1, task -> {
        began.countDown();
        gate.pass();
        return Json.NULL;
    });

    @ParameterizedTest
    @EnumSource
    void the_one_slot_goes_to_the_highest_priority_first(Database database) throws Exception {
        var order = Collections.synchronizedList(new ArrayList<String>());
        var program = Steps.of(1, task -> {
            began.countDown();
            gate.pass();
            order.add(task.outputs().input().text());
            return Json.NULL;
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.slots(1), program);
            var handles = new ArrayList<Handle<Json>>();
            handles.add(pawl.submit(program, new Json("\"first\"")));
            began.await();
            for (var priority : List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH)) {
                for (int i = 1; i <= 2; i++) {
                    handles.add(
                            pawl.submit(program, new Json("\"" + priority + i + "\""), Submit.NOW.priority(priority)));
                }
            }
            gate.open();
            for (var handle : handles) handle.await(Fleet.PATIENCE);
            assertThat(order)
                    .containsExactly(
                            "\"first\"",
                            "\"HIGH1\"",
                            "\"HIGH2\"",
                            "\"NORMAL1\"",
                            "\"NORMAL2\"",
                            "\"LOW1\"",
                            "\"LOW2\"");
        }
    }

    /** The poll is for what goes wrong. Here it comes once an hour, so whoever waits for it does not finish. */
    @ParameterizedTest
    @EnumSource
    void a_slot_that_becomes_free_is_used_at_once(Database database) throws Exception {
        var crowd = new Crowd();
        var program = Steps.of(1, task -> {
            crowd.enter("");
            gate.pass();
            crowd.leave("");
            return Json.NULL;
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.slots(2).poll(Duration.ofHours(1)), program);
            for (int taken = 1; taken <= 2; taken++) {
                int slots = taken;
                pawl.submit(program, INPUT);
                await().until(() -> crowd.now() == slots);
            }
            for (int i = 0; i < 6; i++) pawl.submit(program, INPUT);
            for (int ended = 0; ended < 6; ended++) {
                int before = ended;
                await().until(() -> crowd.now() == 2 && crowd.done() == before);
                gate.letPass(1);
            }
            gate.open();
            await().until(() -> crowd.done() == 8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void room_that_is_made_in_a_queue_with_a_limit_is_used_at_once(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var first = fleet.open(
                    settings -> settings.limits(QueueLimit.running("default", 2).andPerKey(1))
                            .worker(settings.worker().poll(Duration.ofHours(1))),
                    waiting);
            fleet.worker(worker -> worker.poll(Duration.ofHours(1)), waiting);
            var handles = new ArrayList<Handle<Json>>();
            for (int i = 0; i < 20; i++) handles.add(first.submit(waiting, INPUT, Submit.NOW.on("key" + i % 4)));
            began.await();
            first.cancel(handles.removeFirst().id(), "ann", "");
            gate.open();
            for (var handle : handles) handle.await(Fleet.PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_serves_only_its_queues(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            gate.open();
            var here = fleet.worker(worker -> worker.queues(List.of("here")), waiting);
            var there = here.submit(waiting, INPUT, Submit.NOW.in("there"));
            here.submit(waiting, INPUT, Submit.NOW.in("here")).await(Fleet.PATIENCE);
            assertThat(here.run(there.id()).status()).isEqualTo(RunStatus.QUEUED);
            assertThat(here.explain(there.id()))
                    .isEqualTo("No worker that has steps:test version 1 serves queue 'there'."
                            + " Start one with: pawl worker --queues there");
            fleet.worker(worker -> worker.queues(List.of("there")), waiting);
            there.await(Fleet.PATIENCE);
        }
    }

    /** A step may have another queue than its run: only there is the hardware it needs. */
    @ParameterizedTest
    @EnumSource
    void a_step_runs_where_its_own_queue_is_served(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var program = rendering("plain");
            var plain = fleet.worker(worker -> worker.queues(List.of("default")), program);
            fleet.worker(worker -> worker.queues(List.of("gpu")), rendering("gpu"));
            assertThat(plain.submit(program, "x").await(Fleet.PATIENCE)).isEqualTo("plain: gpu: plain: x");
        }
    }

    private static Flow<String, String> rendering(String where) {
        return Flow.define("rendering", String.class, (f, input) -> {
            var prepared = f.step("prepare", String.class, input, text -> where + ": " + text);
            var drawn = f.step("draw", String.class, prepared, text -> where + ": " + text)
                    .queue("gpu");
            return f.step("publish", String.class, drawn, text -> where + ": " + text);
        });
    }

    @ParameterizedTest
    @EnumSource
    void explain_says_that_no_worker_is_alive(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(waiting);
            var run = client.submit(waiting, INPUT).id();
            assertThat(client.explain(run)).isEqualTo("No worker is alive. Start one with: pawl worker");
        }
    }

    @ParameterizedTest
    @EnumSource
    void explain_says_that_no_worker_has_the_program_or_the_version(Database database) throws Exception {
        var other = waiting.named("steps:other");
        var newer = new Steps(waiting.name(), "2", waiting.count(), waiting.how(), waiting.body());
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(waiting, other);
            fleet.open(newer);
            assertThat(client.explain(client.submit(other, INPUT).id()))
                    .isEqualTo("No worker has steps:other version 1.");
            assertThat(client.explain(client.submit(waiting, INPUT).id()))
                    .isEqualTo("No worker has steps:test version 1 (the workers alive have version 2).");
        }
    }

    @ParameterizedTest
    @EnumSource
    void explain_says_who_has_leased_a_task_and_that_others_wait_for_a_slot(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.slots(1), waiting);
            var running = pawl.submit(waiting, INPUT);
            began.await();
            var queued = pawl.submit(waiting, INPUT);
            assertThat(pawl.explain(running.id()))
                    .matches("Task a\\[0] is leased by worker \\d+ \\(.+:\\d+\\) until \\d{4}-.* UTC\\.");
            assertThat(pawl.explain(queued.id()))
                    .matches(
                            "Task a\\[0] is due since .* UTC and waits for a free slot of a worker on queue 'default'\\.");
            gate.open();
            queued.await(Fleet.PATIENCE);
            assertThat(pawl.explain(queued.id())).startsWith("It succeeded at ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void explain_says_which_limit_a_run_is_behind(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(
                    settings -> settings.limits(QueueLimit.running("default", 2).andPerKey(1)), waiting);
            pawl.submit(waiting, INPUT, Submit.NOW.on("ann"));
            began.await();
            var perKey = pawl.submit(waiting, INPUT, Submit.NOW.on("ann"));
            assertThat(pawl.explain(perKey.id()))
                    .isEqualTo("It is behind 1 running tasks of key 'ann' in queue 'default' (limit 1);"
                            + " 1 of that key wait.");
            var second = pawl.submit(waiting, INPUT, Submit.NOW.on("bob"));
            await().until(() -> pawl.run(second.id()).status() == RunStatus.RUNNING);
            var third = pawl.submit(waiting, INPUT, Submit.NOW.on("cid"));
            assertThat(pawl.explain(third.id()))
                    .isEqualTo("It is behind 2 running tasks in queue 'default' (limit 2); 2 wait.");
            gate.open();
            third.await(Fleet.PATIENCE);
            perKey.await(Fleet.PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void explain_says_until_when_a_retry_or_a_start_is_waited_for(Database database) throws Exception {
        var failing = Steps.of(1, task -> {
                    throw new IllegalStateException("no luck");
                })
                .retry(Retry.times(2).base(Duration.ofHours(1)));
        var later = Flow.define(
                "later",
                String.class,
                (f, input) -> f.step("late", String.class, input, text -> text).startDelay(Duration.ofDays(1)));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(failing, later);
            var failed = pawl.submit(failing, INPUT).id();
            await().until(() -> Fleet.story(pawl, failed).contains("task.retry a[0]"));
            assertThat(pawl.explain(failed))
                    .matches("Task a\\[0] waits until \\d{4}-.* UTC for its next attempt,"
                            + " after attempt 1 failed: .*no luck.*\\.");
            assertThat(pawl.explain(pawl.submit(later, "x").id()))
                    .matches("Task late\\[0] waits until \\d{4}-.* UTC to start\\.");
        }
    }

    /** X10. */
    @ParameterizedTest
    @EnumSource
    void explain_says_who_paused_a_run_and_why_a_run_is_blocked_or_failed(Database database) throws Exception {
        var locked = Steps.of(1, task -> {
                    throw new Failure.Auth("token expired");
                })
                .named("steps:locked");
        var wrong = Steps.of(1, task -> {
                    throw new Failure.Logic("wrong sum");
                })
                .named("steps:wrong");
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(waiting, locked, wrong);
            var paused = pawl.submit(waiting, INPUT);
            began.await();
            pawl.pause(paused.id(), "ann", "lunch");
            assertThat(pawl.explain(paused.id()))
                    .isEqualTo("It is paused by ann: lunch. Resume it with: pawl resume " + paused.id());
            var blocked = pawl.submit(locked, INPUT).id();
            await().until(() -> pawl.run(blocked).status() == RunStatus.BLOCKED);
            assertThat(pawl.explain(blocked))
                    .startsWith("It is blocked (AUTH): ")
                    .contains("token expired")
                    .endsWith("Then: pawl resume " + blocked);
            var failed = pawl.submit(wrong, INPUT);
            Fleet.fails(failed);
            assertThat(pawl.explain(failed.id()))
                    .contains("wrong sum")
                    .endsWith("Retry it with: pawl retry " + failed.id());
            gate.open();
            pawl.resume(paused.id(), "ann", "");
            paused.await(Fleet.PATIENCE);
            pawl.cancel(blocked, "bob", "");
            assertThat(pawl.explain(blocked)).startsWith("It was cancelled at ");
        }
    }
}
