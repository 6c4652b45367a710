package dev.pawl;

import static dev.pawl.job.Branch.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.job.Branch;
import dev.pawl.job.Job;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A job with everything that a job can ask for, in which the process dies before and after every single write, or loses
 * the reply to it. However it dies, the run must end the same, and what must not happen twice has not (X1).
 */
class JobCrashTest {

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> failedOnce = new HashSet<>();

    /** The other side of the change that must not happen twice: it counts, and answers questions. */
    private final Map<String, Integer> charged = new HashMap<>();

    private final Job<Integer, Integer> helper = Job.define("helper", Integer.class, Integer.class, (job, n) -> {
        int half = job.call("half", Integer.class, () -> note("half", n / 2));
        job.sleep(Duration.ofSeconds(3));
        return half + job.call("rest", Integer.class, () -> note("rest", n - n / 2));
    });

    private final Job<Integer, String> everything = Job.define("everything", Integer.class, String.class, (job, n) -> {
                String a = job.call("a", String.class, () -> note("a", "A"));
                var child = job.start(helper, n);
                job.call("flaky", () -> {
                    note("flaky", "");
                    if (failedOnce.add("flaky")) throw new IllegalStateException("once");
                });
                String receipt = job.once(
                        "charge",
                        String.class,
                        key -> {
                            charged.merge(key, 1, Integer::sum);
                            return "receipt";
                        },
                        key -> Optional.ofNullable(charged.get(key)).map(times -> "receipt"));
                job.sleep(Duration.ofSeconds(5));
                String signal = job.await("go", String.class);
                int sum = job.await(child);
                List<Branch<String>> both = List.of(
                        call("left", String.class, () -> note("left", "L")),
                        call("right", String.class, () -> note("right", "R")));
                String sides = String.join("", job.<String>all(both));
                job.checkpoint(sum);
                job.log("nearly there");
                return a + receipt + signal + sum + sides + job.call("last", String.class, () -> note("last", "!"));
            })
            .retry(Retry.times(3).base(Duration.ofSeconds(1)).jitter(0));

    private <T> T note(String what, T value) {
        done.add(what);
        return value;
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_at_any_write_changes_nothing_about_the_end(Database database) {
        try (var stage = new Stage(database)) {
            var crashing = new CrashingStore(stage.store);
            var expected = end(stage, finish(stage, crashing, 0, CrashingStore.How.BEFORE));
            int writes = crashing.writes();
            assertThat(expected).contains("SUCCEEDED \"Areceiptsigned7LR!\"");
            assertThat(done).containsExactlyInAnyOrder("a", "half", "rest", "flaky", "flaky", "left", "right", "last");
            assertThat(writes).isGreaterThan(25);
            for (var how : CrashingStore.How.values()) {
                for (int write = 1; write <= writes; write++) {
                    var run = finish(stage, crashing, write, how);
                    assertThat(end(stage, run)).as("%s write %d", how, write).isEqualTo(expected);
                    assertThat(charged.values()).as("%s write %d", how, write).containsExactly(1);
                    assertThat(done).as("%s write %d", how, write).hasSizeLessThanOrEqualTo(10);
                }
            }
        }
    }

    /** Runs the job to its end, dying once at the given write, and then again and again from a new process. */
    private RunId finish(Stage stage, CrashingStore crashing, int write, CrashingStore.How how) {
        done.clear();
        failedOnce.clear();
        charged.clear();
        var worker = new HandDriven(crashing.store(), stage.clock, List.of(everything, helper));
        crashing.plan(write, how);
        String key = how + "-" + write;
        RunId run = null;
        boolean signalled = false;
        for (int lives = 0; run == null || !stage.status(run).terminal(); lives++) {
            assertThat(lives).as("lives").isLessThan(30);
            try {
                if (run == null) run = worker.submit(everything, new Json("7"), key, null, null);
                worker.drain();
                if (!signalled) worker.signal(run, "go", Stage.json("signed"), "only");
                signalled = true;
                stage.pass(Duration.ofSeconds(10), worker);
            } catch (Crash died) {
                stage.clock.advance(Duration.ofSeconds(10));
                crashing.behave();
                worker = new HandDriven(crashing.store(), stage.clock, List.of(everything, helper));
            }
        }
        return run;
    }

    /** What must be the same: the output, both journals without attempts, and histories without gaps. */
    private static String end(Stage stage, RunId run) {
        var details = stage.store.run(run).orElseThrow();
        var children = stage.store.children(run, 10);
        assertThat(children).extracting(RunDetails::status).containsExactly(RunStatus.SUCCEEDED);
        var child = children.getFirst().id();
        for (RunId each : List.of(run, child)) {
            var events = stage.store.events(each, 0, 10_000);
            assertThat(events)
                    .extracting(Event::seq)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, events.size()).boxed().toList());
            assertThat(events.getLast().kind()).isEqualTo("run.succeeded");
        }
        assertThat(stage.store.messages(run, null, 10)).isEmpty();
        assertThat(stage.told(run, "signal.received")).hasSize(1);
        return details.status() + " " + details.output().stored() + "\n" + stage.journal(run) + "\n"
                + stage.journal(child);
    }
}
