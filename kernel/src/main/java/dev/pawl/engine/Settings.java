package dev.pawl.engine;

import dev.pawl.core.QueueLimit;
import dev.pawl.exec.Classifier;
import dev.pawl.exec.Payloads;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.spi.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a Pawl is set up. Start from {@link #DEFAULT} and change what differs.
 *
 * @param artifacts the folder for payloads over the inline limit; null for the database's own default
 * @param retention how long finished runs are kept; null to keep them for ever
 * @param limits limits of queues, declared to all workers
 * @param policy decides what may be submitted and done; null if everything may
 */
public record Settings(
        WorkerSettings worker,
        Payloads.Limits payloads,
        @Nullable Path artifacts,
        @Nullable Duration retention,
        List<QueueLimit> limits,
        Classifier classifier,
        @Nullable Policy policy) {

    /** A worker with 64 slots, 256 KiB inline, finished runs kept for 30 days. */
    public static final Settings DEFAULT = new Settings(
            WorkerSettings.DEFAULT,
            Payloads.Limits.DEFAULT,
            null,
            Duration.ofDays(30),
            List.of(),
            Classifier.NONE,
            null);

    /** Submits and asks, but works on nothing and prunes nothing. */
    public static final Settings CLIENT = DEFAULT.worker(WorkerSettings.NONE).retention(null);

    public Settings {
        limits = List.copyOf(limits);
    }

    public Settings worker(WorkerSettings how) {
        return new Settings(how, payloads, artifacts, retention, limits, classifier, policy);
    }

    public Settings payloads(Payloads.Limits bytes) {
        return new Settings(worker, bytes, artifacts, retention, limits, classifier, policy);
    }

    public Settings artifacts(Path folder) {
        return new Settings(worker, payloads, folder, retention, limits, classifier, policy);
    }

    public Settings retention(@Nullable Duration time) {
        return new Settings(worker, payloads, artifacts, time, limits, classifier, policy);
    }

    public Settings limits(QueueLimit... queues) {
        return new Settings(worker, payloads, artifacts, retention, List.of(queues), classifier, policy);
    }

    public Settings classifier(Classifier types) {
        return new Settings(worker, payloads, artifacts, retention, limits, types, policy);
    }

    public Settings policy(@Nullable Policy rules) {
        return new Settings(worker, payloads, artifacts, retention, limits, classifier, rules);
    }
}
