package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RandomFlowsTest {

    private static final int LARGEST = 14;

    @Test
    void x4_any_flow_ends_as_the_oracle_says_in_any_order_of_its_tasks() {
        forAll(20_000, RandomFlows::of, this::endsAsTheOracleSays);
    }

    @Test
    void x4_any_retried_flow_ends_as_if_nothing_had_failed() {
        forAll(10_000, RandomFlows::strict, flow -> {
            var first = Rehearsal.start(flow.flow(), flow.input()).run(new SplittableRandom(flow.seed()));
            if (first.status() != RunStatus.FAILED) return;
            flow.healed().set(true);
            var oracle = Oracle.of(flow);
            var again = first.retry().run(new SplittableRandom(flow.seed()));
            assertThat(again.status()).isEqualTo(oracle.status());
            if (oracle.status() == RunStatus.SUCCEEDED) assertOutput(flow, again, oracle);
        });
    }

    @Test
    void x4_any_retried_flow_comes_to_an_end_also_if_failures_were_lived_with() {
        forAll(10_000, RandomFlows::of, flow -> {
            var first = Rehearsal.start(flow.flow(), flow.input()).run(new SplittableRandom(flow.seed()));
            if (first.status() != RunStatus.FAILED) return;
            var second = first.retry().run(new SplittableRandom(flow.seed()));
            assertThat(second.status().terminal()).isTrue();
            flow.healed().set(true);
            if (second.status() == RunStatus.FAILED) second = second.retry().run();
            assertThat(second.status().terminal()).isTrue();
        });
    }

    private void endsAsTheOracleSays(RandomFlows.Case flow) {
        var oracle = Oracle.of(flow);
        var run = Rehearsal.start(flow.flow(), flow.input()).run(new SplittableRandom(~flow.seed()));
        assertThat(run.status()).isEqualTo(oracle.status());
        boolean cutShort = run.status() == RunStatus.FAILED && flow.mode() == FailureMode.FAIL_FAST;
        for (int i = 0; i < flow.size(); i++) {
            String end = run.step("s" + i);
            boolean interrupted =
                    cutShort && (end.equals("waiting") || end.equals("running") || end.equals("checking"));
            if (!interrupted) assertThat(end).as("step s" + i).isEqualTo(oracle.step(i));
        }
        if (run.status() == RunStatus.SUCCEEDED) assertOutput(flow, run, oracle);
    }

    private static void assertOutput(RandomFlows.Case flow, Rehearsal run, Oracle oracle) {
        assertThat(flow.flow().decode(new Json(run.output()))).isEqualTo(oracle.output());
    }

    /** Runs the check for many seeds; one that fails is tried again with fewer steps, and the smallest is reported. */
    private static void forAll(int seeds, SizedFlow make, Consumer<RandomFlows.Case> check) {
        for (long seed = 0; seed < seeds; seed++) {
            int size = 1 + (int) (seed % LARGEST);
            if (failure(seed, size, make, check) == null) continue;
            for (int smaller = 1; smaller <= size; smaller++) {
                var failure = failure(seed, smaller, make, check);
                if (failure != null) throw new AssertionError("Fails for " + make.of(seed, smaller), failure);
            }
        }
    }

    private static Throwable failure(long seed, int size, SizedFlow make, Consumer<RandomFlows.Case> check) {
        try {
            check.accept(make.of(seed, size));
            return null;
        } catch (Exception | AssertionError e) {
            return e;
        }
    }

    private interface SizedFlow {
        RandomFlows.Case of(long seed, int size);
    }
}
