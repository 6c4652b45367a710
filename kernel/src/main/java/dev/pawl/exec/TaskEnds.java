package dev.pawl.exec;

import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Tx;
import org.jspecify.annotations.Nullable;

/** What becomes of a task whose attempt has ended: one line for each verdict. */
final class TaskEnds {

    private TaskEnds() {}

    /** The end of the lease, as the verdict and the state of the run want it. */
    static Tx.TaskEnd of(Entry.Ending ending, Verdict verdict, Ledger ledger, long now) {
        boolean held = ledger.status().held();
        if (held && waitsForRelease(ending.task().key(), ledger))
            return over(ending, now, TaskStatus.READY, null, null).again(now, true);
        return switch (verdict) {
            case Verdict.Ended(Outcome.Succeeded done) -> over(ending, now, TaskStatus.SUCCEEDED, done.output(), null);
            case Verdict.Ended(Outcome.Continued next) -> over(ending, now, TaskStatus.SUCCEEDED, next.input(), null);
            case Verdict.Ended(Outcome.Skipped ignored) -> over(ending, now, TaskStatus.SKIPPED, null, null);
            case Verdict.Ended(Outcome.Failed failed) ->
                over(ending, now, TaskStatus.FAILED, failed.produced(), failed.problem());
            case Verdict.Again again ->
                over(ending, now, TaskStatus.READY, null, again.problem())
                        .again(now + again.delay().toMillis(), held, Tx.How.SPENT, false);
            case Verdict.HandedBack() ->
                over(ending, now, TaskStatus.READY, null, null).again(now, held);
            case Verdict.Parked parked -> {
                boolean news = parked.listens() && ledger.family().mail() > parked.mail();
                yield over(ending, now, TaskStatus.READY, null, null)
                        .again(news ? now : parked.wakeAt(), held, Tx.How.RETURNED, parked.listens());
            }
            case Verdict.Stalled stalled ->
                over(ending, now, TaskStatus.READY, null, stalled.problem())
                        .again(now, held || stalled.pause(), Tx.How.STALLED, false);
            case Verdict.Blocked blocked ->
                over(ending, now, TaskStatus.READY, null, blocked.problem()).again(now, true);
        };
    }

    private static Tx.TaskEnd over(
            Entry.Ending ending, long now, TaskStatus to, @Nullable Payload output, @Nullable Problem problem) {
        var lease = new Tx.Lease(ending.task().key(), ending.task().attempt());
        return new Tx.TaskEnd(
                lease, to, now, false, Tx.How.SPENT, false, output, problem == null ? null : problem.toJson(), now);
    }

    /** What these tasks of the kernel do to their run has to wait until it is released. */
    private static boolean waitsForRelease(TaskKey key, Ledger ledger) {
        if (key.name().equals(TaskKey.DEADLINE)) return ledger.holdsDeadline();
        return key.kernels() && !key.name().equals(TaskKey.CHILD) && !key.name().equals(TaskKey.PARENT);
    }
}
