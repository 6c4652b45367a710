package dev.pawl.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.spi.Policy.Answer;
import dev.pawl.spi.Policy.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A policy has so much time and memory, and many may ask it at once. */
@Timeout(60)
class OpaLimitsTest {

    /** Ten thousand million rounds: minutes, if nobody stops it. */
    private static final Json NEVER = new Json("{\"rounds\":100000,\"wanted\":-1}");

    private static final Json AT_ONCE = new Json("{\"rounds\":3,\"wanted\":3}");

    private static final Json TRUE = new Json("{\"answer\":true}");

    @Test
    void an_evaluation_that_runs_away_is_stopped_and_denied() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.timeLimit(Duration.ofMillis(200)));
        for (int i = 0; i < 3; i++) {
            long begun = System.nanoTime();
            assertThat(policy.decide(NEVER)).isEqualTo(denied("the policy took longer than 200 ms"));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(190), Duration.ofSeconds(10));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void virtual_threads_go_on_while_evaluations_run_away() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.timeLimit(Duration.ofMinutes(30)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<Decision>>();
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                asked.add(threads.submit(() -> policy.decide(NEVER)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(threads.submit(() -> "alive").get(30, TimeUnit.SECONDS))
                        .isEqualTo("alive");
            }
            // Again and again: an interrupt that meets the watchdog's own is taken for that one.
            await().atMost(Duration.ofSeconds(50)).until(() -> {
                var unused = threads.shutdownNow();
                return asked.stream().allMatch(Future::isDone);
            });
            for (Future<Decision> decision : asked) {
                assertThatThrownBy(() -> decision.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(InterruptedException.class);
            }
        }
    }

    @Test
    void a_virtual_thread_gets_slow_answers_too() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.timeLimit(Duration.ofSeconds(50)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // A hundred milliseconds or more of work, with a result.
            var slow = threads.submit(() -> policy.decide(new Json("{\"rounds\":5000,\"wanted\":5000}")));
            assertThat(slow.get().answer()).isEqualTo(Answer.ALLOW);
        }
    }

    @Test
    void an_evaluation_of_a_virtual_thread_that_runs_away_is_stopped_and_denied() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.timeLimit(Duration.ofMillis(300)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var decision = threads.submit(() -> policy.decide(NEVER));
            assertThat(decision.get()).isEqualTo(denied("the policy took longer than 300 ms"));
        }
    }

    @Test
    void who_finds_no_free_instance_in_time_is_denied() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.instances(1).timeLimit(Duration.ofSeconds(2)));
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var decisions = new ArrayList<Decision>();
            for (var asked :
                    threads.invokeAll(Collections.nCopies(8, (Callable<Decision>) () -> policy.decide(NEVER)))) {
                decisions.add(asked.get());
            }
            assertThat(decisions)
                    .contains(denied("the policy took longer than 2000 ms"))
                    .contains(denied("the policy was busy with other decisions for 2000 ms"));
        }
    }

    @Test
    void a_stopped_evaluation_harms_no_other() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.instances(1).timeLimit(Duration.ofMillis(300)));
        assertThat(policy.decide(NEVER).answer()).isEqualTo(Answer.DENY);
        // numbers.range alone takes some milliseconds, so that a decision has to be a working one to be in time.
        await().atMost(Duration.ofSeconds(20))
                .until(() -> policy.decide(AT_ONCE).answer() == Answer.ALLOW);
    }

    @Test
    void who_is_interrupted_stops_asking() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.timeLimit(Duration.ofMinutes(30)));
        var outcome = new ArrayList<Throwable>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                var unused = policy.decide(NEVER);
            } catch (InterruptedException e) {
                outcome.add(e);
            }
        });
        caller.interrupt(); // before it begins, while it waits or while it runs: all the same
        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
        assertThat(outcome).hasSize(1);
    }

    @Test
    void an_evaluation_is_stopped_by_an_interrupt() throws Exception {
        var policy = Cases.cases("runaway", OpaSettings.DEFAULT.timeLimit(Duration.ofMinutes(30)));
        var outcome = new ArrayList<Throwable>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                var unused = policy.decide(NEVER);
            } catch (InterruptedException e) {
                outcome.add(e);
            }
        });
        await().until(() -> Arrays.stream(caller.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("evaluate")));
        caller.interrupt();
        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
        assertThat(outcome).hasSize(1);
    }

    @Test
    void an_evaluation_that_wants_more_memory_than_it_may_have_is_denied() throws Exception {
        var settings = OpaSettings.DEFAULT.memory(16L << 20).timeLimit(Duration.ofSeconds(30));
        var hungry = Cases.cases("hungry", settings);
        var decision = hungry.decide(new Json("{}"));
        assertThat(decision.answer()).isEqualTo(Answer.DENY);
        assertThat(decision.reasons()).singleElement().asString().startsWith("the policy failed: ");

        var echo = Cases.cases("echo", settings);
        assertThat(echo.decide(new Json("{\"answer\":true,\"x\":\"" + "x".repeat(20 << 20) + "\"}"))
                        .answer())
                .isEqualTo(Answer.DENY);
        assertThat(echo.decide(TRUE).answer()).isEqualTo(Answer.ALLOW);
    }

    @Test
    void an_instance_does_not_grow_with_use() {
        var source = Source.of("cases", Cases.wasm(Cases.CASES.resolve("cases.wasm")), null);
        var sandbox = new Sandbox(CompiledPolicy.of("cases", source, OpaSettings.DEFAULT.memory()));
        int echo = sandbox.entrypoints().get("cases/echo");
        String document = "{\"answer\":\"" + "x".repeat(10_000) + "\"}";
        for (int i = 0; i < 5_000; i++) {
            assertThat(sandbox.evaluate(echo, document).length()).isEqualTo(10_015);
        }
        assertThat(sandbox.bloated()).isFalse();
    }

    @Test
    void many_threads_get_each_its_own_answer() throws Exception {
        var policy = Cases.cases(
                "echo", OpaSettings.DEFAULT.timeLimit(Duration.ofSeconds(30)).instances(3));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<Decision>>();
            for (int i = 0; i < 5_000; i++) {
                String reason = i + "x".repeat(i % 400);
                asked.add(threads.submit(() ->
                        policy.decide(new Json("{\"answer\":{\"allow\":true,\"reasons\":[\"" + reason + "\"]}}"))));
            }
            for (int i = 0; i < asked.size(); i++) {
                assertThat(asked.get(i).get()).isEqualTo(new Decision(Answer.ALLOW, List.of(i + "x".repeat(i % 400))));
            }
        }
    }

    private static Decision denied(String reason) {
        return new Decision(Answer.DENY, List.of(reason));
    }
}
