package dev.pawl.engine;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.exec.Payloads;
import dev.pawl.spi.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a run can be gone on with, and what that would do again.
 *
 * @param resumable whether {@code resume} releases it, or {@code retry} makes a run that goes on from it
 * @param restartable whether {@code restart} makes a run that begins it anew
 * @param kept how many tasks have succeeded, and how many effects are recorded in those that have not: none is done again
 * @param again the tasks that would begin again; those with a journal go on behind what is recorded
 * @param checkpoint where the code said to go on from, or null
 * @param remarks what somebody should know before; in sentences
 */
public record Recovery(
        RunDetails run,
        boolean resumable,
        boolean restartable,
        Kept kept,
        List<TaskDetails> again,
        @Nullable Checkpoint checkpoint,
        List<String> remarks) {

    private static final int LOOKED_AT = 1_000;
    private static final int PAGE = 1_000;
    private static final int LARGE_BYTES = 10 << 20;

    /**
     * What is done already.
     *
     * @param tasks succeeded tasks
     * @param effects recorded effects of tasks that have not succeeded
     * @param last the last of these, or null
     */
    public record Kept(int tasks, int effects, @Nullable Effect last) {}

    /**
     * Where the code said to go on from.
     *
     * @param at when, in epoch milliseconds
     * @param bytes its size in UTF-8
     */
    public record Checkpoint(Json content, long at, int bytes) {}

    static Recovery of(Store store, Payloads payloads, RunDetails run) {
        var again = new ArrayList<TaskDetails>();
        Checkpoint checkpoint = null;
        int effects = 0;
        Effect last = null;
        for (TaskDetails task : store.tasks(run.id(), null, 0, LOOKED_AT)) {
            if (task.task().key().kernels() || task.task().status() == TaskStatus.SUCCEEDED) continue;
            again.add(task);
            var journal = new TreeMap<Integer, Effect>();
            store.effects(task.task().key(), Effect.PROGRESS, PAGE)
                    .forEach(effect -> journal.put(effect.ordinal(), effect));
            var kept = journal.get(Effect.CHECKPOINT);
            if (kept != null && kept.value() != null) checkpoint = checkpoint(payloads.load(kept.value()), kept.at());
            var recorded = journal.tailMap(0);
            effects += recorded.size();
            if (!recorded.isEmpty()) last = recorded.lastEntry().getValue();
        }
        int done = store.taskCounts(run.id()).values().stream()
                .mapToInt(counts -> counts.getOrDefault(TaskStatus.SUCCEEDED, 0))
                .sum();
        var status = run.status();
        boolean unknown = status.held()
                && store.undecided(run.id()).stream()
                        .anyMatch(one -> one.effect().status() == EffectStatus.INDETERMINATE);
        boolean failed = status == RunStatus.FAILED || status == RunStatus.CANCELLED;
        return new Recovery(
                run,
                (status.held() && !unknown) || failed,
                status.terminal(),
                new Kept(done, effects, last),
                again,
                checkpoint,
                remarks(run, again, checkpoint, unknown));
    }

    private static Checkpoint checkpoint(Json content, long at) {
        return new Checkpoint(content, at, content.text().getBytes(StandardCharsets.UTF_8).length);
    }

    private static List<String> remarks(
            RunDetails run, List<TaskDetails> again, @Nullable Checkpoint checkpoint, boolean unknown) {
        var remarks = new ArrayList<String>();
        if (unknown) {
            remarks.add(
                    "Nobody knows whether an outside change of it happened; it goes on when somebody has said so. See: pawl inbox");
        }
        switch (run.status()) {
            case QUEUED, RUNNING -> remarks.add("It goes on by itself; to stop it first: pawl pause " + run.id());
            case SUCCEEDED -> remarks.add("It has succeeded, so there is nothing to recover.");
            case PAUSED, BLOCKED, FAILED, CANCELLED -> {}
        }
        if (checkpoint != null && checkpoint.bytes() > LARGE_BYTES) {
            remarks.add("The checkpoint has %,d bytes; each new one writes all of it. Keep large data elsewhere."
                    .formatted(checkpoint.bytes()));
        }
        for (TaskDetails task : again) {
            int recoveries = task.task().lost() + task.task().stalls();
            if (recoveries == 0) continue;
            remarks.add(
                    "Task %s lost its worker %d times and hung %d times; to count from zero again: pawl resume %s --forgive"
                            .formatted(
                                    task.task().key().label(),
                                    task.task().lost(),
                                    task.task().stalls(),
                                    run.id()));
        }
        return remarks;
    }
}
