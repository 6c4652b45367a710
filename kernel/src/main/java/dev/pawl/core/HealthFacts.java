package dev.pawl.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a store can tell about how runs, tasks and workers are doing, without a judgement. Cheap to ask for: where there
 * is a lot, it is a sample of the newest, and says so.
 *
 * @param at when it was looked, in epoch milliseconds on the database's clock
 * @param window which runs count: those created so long ago or less, and those that are open
 * @param due the queues in which tasks are due, by program
 * @param workers those that have not said goodbye and were seen in the last 24 h, and those that hold leases
 * @param tables the tables that change most, where the database keeps dead rows
 */
public record HealthFacts(
        long at,
        Duration window,
        Runs runs,
        Retries retries,
        Stuck stuck,
        List<DueQueue> due,
        List<Worker> workers,
        List<Table> tables) {

    public HealthFacts {
        due = List.copyOf(due);
        workers = List.copyOf(workers);
        tables = List.copyOf(tables);
    }

    /**
     * Runs of the window, and those that are open.
     *
     * @param walked how many of the newest runs were looked at, of any age
     * @param all whether there are no others
     * @param byStatus how many have which status; absent for none
     * @param blocked what the blocked ones need
     * @param failures why the failed ones failed
     * @param meanMillis how long the succeeded ones took, from their creation to their end; null if there are none
     */
    public record Runs(
            int walked,
            boolean all,
            Map<RunStatus, Integer> byStatus,
            Map<Reason, Integer> blocked,
            Map<FailureClass, Integer> failures,
            @Nullable Long meanMillis) {

        public Runs {
            byStatus = Map.copyOf(byStatus);
            blocked = Map.copyOf(blocked);
            failures = Map.copyOf(failures);
        }

        /** How many have this status. */
        public int count(RunStatus status) {
            return byStatus.getOrDefault(status, 0);
        }

        /** How many have ended, in whatever way. */
        public int ended() {
            return count(RunStatus.SUCCEEDED) + count(RunStatus.FAILED) + count(RunStatus.CANCELLED);
        }

        /** The share of those that have ended that succeeded, from 0 to 1; nothing if none has ended. */
        public OptionalDouble successRate() {
            return ended() == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of((double) count(RunStatus.SUCCEEDED) / ended());
        }
    }

    /**
     * Tasks of the runs of the window that were tried more than once. An attempt that was lost with its worker counts; one
     * that was handed back does not.
     *
     * @param walked how many tasks were looked at
     * @param all whether there are no others
     * @param retried how many of them were tried more than once
     * @param retries how often, beyond the first attempt of each
     * @param recovered how many of the retried have succeeded
     * @param exhausted how many of the retried failed for good
     */
    public record Retries(int walked, boolean all, int retried, int retries, int recovered, int exhausted) {

        /** Retries per retried task; 0 if there is none. */
        public double average() {
            return retried == 0 ? 0 : (double) retries / retried;
        }
    }

    /**
     * Runs that do not move and wait for nothing.
     *
     * @param all whether there are no others
     */
    public record Stuck(List<StuckRun> runs, boolean all) {
        public Stuck {
            runs = List.copyOf(runs);
        }
    }

    /**
     * A run that does not move and waits for nothing.
     *
     * @param quietSince when something happened last, in epoch milliseconds
     * @param due its task that is due and that nobody takes; null if it has none
     */
    public record StuckRun(
            RunId id,
            String program,
            RunStatus status,
            long quietSince,
            @Nullable Task due) {}

    /**
     * The tasks of one program that are due in one queue.
     *
     * @param tasks how many
     * @param all whether there are no others
     * @param oldest the one that has been due for longest
     */
    public record DueQueue(String queue, String program, String version, int tasks, boolean all, Task oldest) {

        /** Both together, in the name of that with the oldest task. */
        public DueQueue and(DueQueue other) {
            var first = other.oldest.wakeAt() < oldest.wakeAt() ? other : this;
            return new DueQueue(
                    first.queue, first.program, first.version, tasks + other.tasks, all && other.all, first.oldest);
        }

        /** How long the oldest has been due at this time, in milliseconds. */
        public long age(long now) {
            return now - oldest.wakeAt();
        }
    }

    /**
     * A worker and what it holds.
     *
     * @param leases how many tasks it works on
     * @param expired how many leases it let run out that nobody has taken over
     */
    public record Worker(WorkerInfo info, int leases, int expired) {}

    /**
     * A table of a database that keeps dead rows until it is vacuumed.
     *
     * @param dead how many dead rows there are, as far as the database knows
     */
    public record Table(String name, long live, long dead) {}
}
