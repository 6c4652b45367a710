package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Retry;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Supervision;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.core.TaskStatus;
import dev.pawl.exec.Entry;
import dev.pawl.exec.Verdict;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import dev.pawl.spi.Result;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreProvider;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.Postgres;
import dev.pawl.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random flows on real databases (X4): three workers by hand, interleaved at random. Now and then one dies with what it
 * holds, and may come back from the dead with what it thinks it still has to write, and somebody pauses and resumes the
 * run. However it goes, it must end as the oracle says. The same seed does the same again; every failure names it.
 */
class FlowPropertyTest {

    private static final int FLOWS = 60;
    private static final int LARGEST = 10;
    private static final int WORKERS = 3;
    private static final int MOST_TURNS = 20_000;

    @TempDir
    private Path folder;

    @Test
    void x4_any_flow_ends_as_the_oracle_says_on_sqlite_whoever_dies() {
        check("jdbc:sqlite:" + folder.resolve("pawl.db"));
    }

    @Test
    void x4_any_flow_ends_as_the_oracle_says_on_postgresql_whoever_dies() {
        check(Postgres.shared().freshDatabase());
    }

    private static void check(String url) {
        try (Store store = open(url)) {
            for (long seed = 0; seed < FLOWS; seed++) {
                var flow = RandomFlows.of(seed, 1 + (int) (seed % LARGEST));
                try {
                    new Play(store, flow).check();
                } catch (RuntimeException | AssertionError failed) {
                    throw new AssertionError("Fails for " + flow, failed);
                }
            }
        }
    }

    private static Store open(String url) {
        return ServiceLoader.load(StoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.accepts(url))
                .findFirst()
                .orElseThrow()
                .open(url);
    }

    /** The flow with so many attempts that dying does not use them up; what its own code throws is final instead. */
    private record Sturdy(Program flow) implements Program {
        @Override
        public String name() {
            return flow.name();
        }

        @Override
        public String version() {
            return flow.version();
        }

        @Override
        public Json shape() {
            return flow.shape();
        }

        @Override
        public List<String> differences(Json stored) {
            return flow.differences(stored);
        }

        @Override
        public String queue() {
            return flow.queue();
        }

        @Override
        public TaskOptions options(String task) {
            return new TaskOptions(Retry.times(1_000), null, new Supervision(null, Supervision.OnStall.RETRY, 1_000));
        }

        @Override
        public Plan start(Json input) {
            return flow.start(input);
        }

        @Override
        public Result execute(Claimed task, Journal journal) throws Exception {
            try {
                return flow.execute(task, journal);
            } catch (IllegalStateException failed) {
                throw new Failure.Logic(String.valueOf(failed.getMessage()), failed);
            }
        }

        @Override
        public Plan advance(Run run, TaskKey task, Outcome outcome) {
            return flow.advance(run, task, outcome);
        }

        @Override
        public Plan retry(History earlier) {
            return flow.retry(earlier);
        }
    }

    /** A claim in somebody's hands, and the end it came to. */
    private record Held(HandDriven worker, Tx.Claim claim, Verdict verdict) {}

    private static final class Play {
        private final Store store;
        private final RandomFlows.Case flow;
        private final Program program;
        private final RandomGenerator random;
        private final SettableClock clock = new SettableClock(1_800_000_000_000L);
        private final List<HandDriven> workers = new ArrayList<>();
        private final List<Held> held = new ArrayList<>();
        private final List<Held> zombies = new ArrayList<>();
        private final RunId run;

        Play(Store store, RandomFlows.Case flow) {
            this.store = store;
            this.flow = flow;
            this.program = new Sturdy(flow.flow());
            this.random = new SplittableRandom(flow.seed());
            for (int i = 0; i < WORKERS; i++) workers.add(worker());
            this.run = workers.getFirst().submit(program, flow.flow().encode(flow.input()));
        }

        private HandDriven worker() {
            return new HandDriven(store, clock, List.of(program));
        }

        void check() {
            for (int turn = 0; !status(run).terminal(); turn++) {
                assertThat(turn).as("turns").isLessThan(MOST_TURNS);
                turn();
            }
            endsAsTheOracleSays();
            hasOneHistory();
        }

        private RunStatus status(RunId run) {
            return store.run(run).orElseThrow().status();
        }

        private void turn() {
            int choice = random.nextInt(20);
            int who = random.nextInt(WORKERS);
            var worker = workers.get(who);
            if (choice < 9) {
                for (var claim : worker.claim(random.nextInt(1, 4))) {
                    held.add(new Held(worker, claim, worker.attempt(claim)));
                }
            } else if (choice < 16) {
                end(worker);
            } else if (choice == 16) {
                held.removeIf(mine -> mine.worker() == worker && zombies.add(mine));
                workers.set(who, worker());
            } else if (choice == 17 && !zombies.isEmpty()) {
                var late = zombies.remove(random.nextInt(zombies.size()));
                late.worker().end(late.claim(), late.verdict());
            } else if (choice == 18) {
                pauseOrResume(worker);
            } else {
                clock.advance(Duration.ofMillis(random.nextInt(8_000)));
            }
        }

        private void pauseOrResume(HandDriven worker) {
            switch (status(run)) {
                case RUNNING -> worker.command(run, Entry.Verb.PAUSE);
                case PAUSED -> worker.command(run, Entry.Verb.RESUME);
                default -> {}
            }
        }

        /** Ends some of what the worker holds, in one transaction. */
        private void end(HandDriven worker) {
            var some = held.stream()
                    .filter(mine -> mine.worker() == worker && random.nextInt(3) > 0)
                    .toList();
            if (some.isEmpty()) return;
            held.removeAll(some);
            var verdicts = new java.util.LinkedHashMap<Tx.Claim, Verdict>();
            some.forEach(mine -> verdicts.put(mine.claim(), mine.verdict()));
            worker.end(verdicts);
        }

        private void endsAsTheOracleSays() {
            var oracle = Oracle.of(flow);
            var details = store.run(run).orElseThrow();
            assertThat(details.status()).isEqualTo(oracle.status());
            var progress = FlowProgress.of(details.run().state());
            boolean cutShort = details.status() == RunStatus.FAILED && flow.mode() == FailureMode.FAIL_FAST;
            for (int i = 0; i < flow.size(); i++) {
                String end = end(progress, "s" + i);
                boolean interrupted =
                        cutShort && List.of("waiting", "running", "checking").contains(end);
                assertThat(end).as("step s" + i).isIn(interrupted ? List.of(end) : List.of(oracle.step(i)));
            }
            assertThat(
                            details.output() == null
                                    ? List.of()
                                    : List.of(details.output().stored()))
                    .isEqualTo(
                            details.status() == RunStatus.FAILED
                                    ? List.of()
                                    : List.of(
                                            oracle.output().map(String::valueOf).orElse("null")));
        }

        private static String end(FlowProgress progress, String step) {
            return progress.steps().stream()
                    .filter(of -> of.name().equals(step))
                    .map(FlowProgress.OfStep::status)
                    .findFirst()
                    .orElse("waiting");
        }

        /** No gaps, nothing open, and every task that ended did so once, as its row says. */
        private void hasOneHistory() {
            var events = store.events(run, 0, 100_000);
            assertThat(events.stream().map(Event::seq))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, events.size()).boxed().toList());
            var rows = store.tasks(run, null, 0, 100_000);
            assertThat(rows)
                    .allMatch(task -> task.task().status().terminal())
                    .allMatch(task -> (task.task().status() == TaskStatus.SUCCEEDED) == (task.output() != null));
            for (var end : Map.of(
                            "task.succeeded", TaskStatus.SUCCEEDED,
                            "task.failed", TaskStatus.FAILED,
                            "task.skipped", TaskStatus.SKIPPED)
                    .entrySet()) {
                var told = events.stream()
                        .filter(event -> event.kind().equals(end.getKey()))
                        .map(Event::task);
                var stored = rows.stream()
                        .map(TaskDetails::task)
                        .filter(task -> task.status() == end.getValue())
                        .map(task -> task.key().label())
                        .toList();
                assertThat(told).as(end.getKey()).containsExactlyInAnyOrderElementsOf(stored);
            }
            assertThat(events.getLast().kind()).isIn("run.succeeded", "run.failed");
        }
    }
}
