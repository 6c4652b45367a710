package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import dev.pawl.spi.Journal;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a job as its code runs along it: position by position, each time compared with what the code asks for. A
 * difference ends the attempt before anything new happens.
 */
final class Tape {

    private final String job;
    private final Journal journal;
    private int position;
    private volatile @Nullable Throwable doom;

    /** @param job the job and its version, for messages */
    Tape(String job, Journal journal) {
        this.job = job;
        this.journal = journal;
    }

    Journal journal() {
        return journal;
    }

    /** A place on the tape: what is asked for, and what was recorded for it, if anything was. */
    record Place(
            int ordinal, String kind, String name, @Nullable Effect recorded) {

        boolean is(EffectStatus status) {
            return recorded != null && recorded.status() == status;
        }

        int nextRevision() {
            return recorded == null ? 0 : recorded.revision() + 1;
        }

        @Nullable
        Json notes() {
            return recorded == null ? null : recorded.request();
        }

        /** Another revision of what is recorded here. */
        Journal.Recording with(
                EffectStatus status, @Nullable Json notes, @Nullable Payload value, @Nullable Problem problem) {
            return new Journal.Recording(
                    ordinal,
                    nextRevision(),
                    kind,
                    status,
                    name,
                    notes,
                    value,
                    problem == null ? null : problem.toJson());
        }

        Journal.Recording applied(@Nullable Json notes, @Nullable Payload value) {
            return with(EffectStatus.APPLIED, notes, value, null);
        }

        /** The same place after another revision was recorded there. */
        Place after(Journal.Recording recording) {
            return new Place(
                    ordinal,
                    kind,
                    name,
                    new Effect(
                            ordinal,
                            recording.revision(),
                            0,
                            0,
                            kind,
                            recording.status(),
                            name,
                            recording.request(),
                            recording.value(),
                            recording.problem()));
        }
    }

    /** The code asks for something: moves on by one position. */
    Place next(String kind, String name) {
        requireAlive();
        int ordinal = position++;
        var recorded = journal.at(ordinal);
        if (recorded != null
                && !(recorded.kind().equals(kind) && recorded.name().equals(name))) {
            throw diverged(ordinal, label(kind, name), label(recorded.kind(), recorded.name()));
        }
        return new Place(ordinal, kind, name, recorded);
    }

    /** The code asks for something else than was recorded. */
    Failure.Diverged diverged(int ordinal, String asked, String recorded) {
        return doomed(new Failure.Diverged(
                "%s diverged at position %d: the code asks for %s %s, where %s was recorded. Put back the code that recorded it, or tell the two apart with job.version; then resume the run."
                        .formatted(job, ordinal, asked, where(), recorded)));
    }

    /** What is recorded at the next position, without moving on. */
    @Nullable
    Effect peek() {
        requireAlive();
        return journal.at(position);
    }

    /** Moves on over positions whose content does not matter any more. */
    void skip(int positions) {
        position += positions;
    }

    /** Whether anything is recorded from here on. */
    boolean hasMore() {
        return journal.from(position) != null;
    }

    /** The code came to its end: everything that was recorded must have been asked for. */
    void end() {
        requireAlive();
        var left = journal.from(position);
        if (left == null) return;
        throw doomed(new Failure.Diverged(
                "%s diverged at position %d: the code came to its end, where %s was recorded. Put back the code that recorded it, or tell the two apart with job.version; then resume the run."
                        .formatted(job, left.ordinal(), label(left.kind(), left.name()))));
    }

    private static String label(String kind, String name) {
        return name.isEmpty() ? kind : kind + " \"" + name + "\"";
    }

    /** The line of user code that asks. */
    private static String where() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith("dev.pawl.job.")
                                && !frame.getClassName().startsWith("java."))
                        .findFirst()
                        .map(frame -> "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                        .orElse("(at an unknown line)"));
    }

    /** From here on nothing more can be asked, whatever the code catches. */
    <T extends Throwable> T doomed(T why) {
        if (doom == null) doom = why;
        return why;
    }

    @Nullable
    Throwable doom() {
        return doom;
    }

    /** Meets what the code has caught although it should not have. */
    void requireAlive() {
        var why = doom;
        if (why instanceof Error error) throw error;
        if (why instanceof RuntimeException unchecked) throw unchecked;
        if (why != null) throw new IllegalStateException(why);
    }
}
