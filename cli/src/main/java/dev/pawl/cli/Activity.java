package dev.pawl.cli;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.json.Codec;
import dev.pawl.pipeline.PipelineInfo;
import dev.pawl.spi.Result;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a handler of a pipeline does now, as its open activation shows.
 *
 * @param task the open activation; null for the moment between two of them
 * @param phase how far it has come, in a word
 * @param title what it is about, for people; empty if it does not say
 * @param next when it goes on without a message, in epoch milliseconds; null if it waits for one alone, or works
 * @param journal what it has recorded
 * @param problem what went wrong last; empty if nothing did
 */
record Activity(
        @Nullable TaskDetails task,
        String phase,
        String title,
        @Nullable Long next,
        List<Effect> journal,
        String problem) {

    private static final String UNKNOWN = "needs you";
    private static final int PREPARE = 0;
    private static final int CHANGE = 1;

    static Activity of(Pawl pawl, PipelineInfo info, PipelineInfo.HandlerInfo handler, long now) {
        var found = pawl.store().tasks(info.run(), handler.name(), handler.activations(), 1);
        if (found.isEmpty()) return new Activity(null, "between", "", null, List.of(), "");
        var task = found.getFirst();
        var journal = pawl.journal(task.task().key());
        var prepared = at(journal, PREPARE);
        var change = at(journal, CHANGE);
        boolean waits = task.task().status() == TaskStatus.READY && task.task().wakeAt() > now;
        return new Activity(
                task,
                phase(handler, task, prepared, change, waits),
                title(prepared),
                waits && task.task().wakeAt() < Result.NEVER ? task.task().wakeAt() : null,
                journal,
                problem(pawl, info, handler, task));
    }

    private static @Nullable Effect at(List<Effect> journal, int ordinal) {
        return journal.stream()
                .filter(effect -> effect.ordinal() == ordinal)
                .findFirst()
                .orElse(null);
    }

    private static String phase(
            PipelineInfo.HandlerInfo handler,
            TaskDetails task,
            @Nullable Effect prepared,
            @Nullable Effect change,
            boolean waits) {
        if (change != null) return changing(change.status());
        if (prepared != null) return mutates(prepared) ? "prepared" : "following";
        if (waits) return handler.failures() > 0 ? "to be retried" : "waiting";
        if (task.task().status() == TaskStatus.READY) return task.task().held() ? "held" : "due";
        return handler.schedule() == null ? "preparing" : "producing";
    }

    private static String changing(EffectStatus status) {
        return switch (status) {
            case BEGUN -> "changing";
            case RECONCILING -> "asking";
            case INDETERMINATE -> UNKNOWN;
            case APPLIED, SKIPPED -> "following";
            case FAILED -> "releasing";
        };
    }

    private static boolean mutates(Effect prepared) {
        return prepared.request() != null
                && Codec.STANDARD.tree(prepared.request()).path("mutates").asBoolean(false);
    }

    private static String title(@Nullable Effect prepared) {
        if (prepared == null || prepared.request() == null) return "";
        return Codec.STANDARD.tree(prepared.request()).path("title").asString("");
    }

    /** What is to be known about it: what went wrong, unless that is told at length elsewhere, or what it is about. */
    String remark() {
        return problem.isEmpty() || phase.equals(UNKNOWN) ? title : problem;
    }

    /** Of this activation, or of the one that it retries. */
    private static String problem(Pawl pawl, PipelineInfo info, PipelineInfo.HandlerInfo handler, TaskDetails task) {
        if (task.problem() != null) return Trouble.problem(task.problem());
        if (handler.failures() == 0 || handler.activations() == 0) return "";
        return pawl.store().tasks(info.run(), handler.name(), handler.activations() - 1, 1).stream()
                .map(TaskDetails::problem)
                .filter(Objects::nonNull)
                .map(Trouble::problem)
                .findFirst()
                .orElse("");
    }
}
