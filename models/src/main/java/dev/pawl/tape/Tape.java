package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import dev.pawl.json.Hash;
import dev.pawl.json.JsonDiff;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a task as its code runs along it: position by position, each time compared with what the code asks for. A
 * difference ends the attempt before anything new happens.
 */
public final class Tape {

    private final String program;
    private final String place;
    private final Journal journal;
    private int position;
    private volatile @Nullable Throwable doom;
    private volatile @Nullable Difference difference;
    private volatile @Nullable Place newest;

    /** @param program the program and its version, for messages */
    public Tape(String program, Claimed task, Journal journal) {
        this.program = program;
        this.place = "of task " + task.key().label() + " in run " + task.run().id();
        this.journal = journal;
    }

    /**
     * Where the code asked for something else than was recorded.
     *
     * @param asked what it asks for, in words; null if for nothing more
     * @param type the kind of what was recorded
     * @param recordedRequest the hash of the recorded request; null if its code did not say
     * @param askedRequest the hash of the request now; null likewise
     * @param differences of the requests, a sentence each
     */
    public record Difference(
            int ordinal,
            String type,
            @Nullable String asked,
            String recorded,
            @Nullable String recordedRequest,
            @Nullable String askedRequest,
            List<String> differences) {}

    /** The first difference that was found; null if none was. */
    public @Nullable Difference difference() {
        return difference;
    }

    /** What was asked for last; null if nothing was. */
    public @Nullable Place newest() {
        return newest;
    }

    public Journal journal() {
        return journal;
    }

    /**
     * A place on the tape: what is asked for, and what was recorded for it, if anything was.
     *
     * @param request what exactly is asked for, if the code says so
     */
    public record Place(
            int ordinal,
            String kind,
            String name,
            @Nullable Json request,
            @Nullable Effect recorded) {

        public boolean is(EffectStatus status) {
            return recorded != null && recorded.status() == status;
        }

        int nextRevision() {
            return recorded == null ? 0 : recorded.revision() + 1;
        }

        /** What was noted beside what is recorded. */
        public @Nullable Json notes() {
            return recorded == null ? null : recorded.request();
        }

        /** Another revision of what is recorded here. */
        public Journal.Recording with(
                EffectStatus status, @Nullable Notes notes, @Nullable Payload value, @Nullable Problem problem) {
            return new Journal.Recording(
                    ordinal,
                    nextRevision(),
                    kind,
                    status,
                    name,
                    noted(notes),
                    value,
                    problem == null ? null : problem.toJson());
        }

        private @Nullable Json noted(@Nullable Notes notes) {
            if (request == null) return notes == null ? null : notes.done();
            return (notes == null ? new Notes() : notes)
                    .with(Notes.REQUEST, request)
                    .done();
        }

        public Journal.Recording applied(@Nullable Notes notes, @Nullable Payload value) {
            return with(EffectStatus.APPLIED, notes, value, null);
        }

        /** The same place after another revision was recorded there. */
        public Place after(Journal.Recording recording) {
            return new Place(ordinal, kind, name, request, recording.effect(0, 0));
        }
    }

    /** The code asks for something: moves on by one position. */
    public Place next(String kind, String name) {
        return next(kind, name, null);
    }

    /** The same, with what exactly it asks for. */
    public Place next(String kind, String name, @Nullable Json request) {
        requireAlive();
        int ordinal = position++;
        var recorded = journal.at(ordinal);
        var bounded = request == null ? null : Requests.bounded(request);
        if (recorded != null) compare(ordinal, recorded, kind, name, bounded);
        var place = new Place(ordinal, kind, name, bounded, recorded);
        newest = place;
        return place;
    }

    /** The code asks for something that touches the outside. */
    public Place begin(String kind, String name, @Nullable Json request) {
        var place = next(kind, name, request);
        if (place.recorded() != null) return place;
        try {
            journal.gate(place.ordinal(), kind, name, place.request());
            return place;
        } catch (Failure stopped) {
            throw doomed(stopped);
        } catch (Journal.Superseded over) {
            throw doomed(over);
        } catch (Unwinding over) {
            throw doomed(over);
        }
    }

    /** Kinds that touch nothing outside: time, chance, waiting, and what people are asked. */
    private static final Set<String> INSIDE = Set.of(
            "now",
            "random",
            "uuid",
            "sleep",
            "await",
            "version",
            "log",
            "approval",
            "compensate",
            "any",
            "race",
            "ended");

    /** Whether an effect of this kind touches the outside, so that a policy is asked about it. */
    public static boolean isOutside(String kind) {
        return !INSIDE.contains(kind);
    }

    private void compare(int ordinal, Effect recorded, String kind, String name, @Nullable Json request) {
        if (!recorded.kind().equals(kind) || !recorded.name().equals(name)) {
            found(recorded, label(kind, name), request, List.of());
            throw diverged(ordinal, label(kind, name), label(recorded.kind(), recorded.name()));
        }
        var before = Requests.of(recorded);
        var difference = Requests.difference(before, request);
        if (difference == null || before == null || request == null) return;
        found(recorded, label(kind, name), request, JsonDiff.of(before, request));
        throw doomed(new Failure.Diverged(
                "%s diverged at position %d %s: the code asks for %s %s with another request. %s %s"
                        .formatted(program, ordinal, place, label(kind, name), where(), difference, ADVICE)));
    }

    private void found(Effect recorded, @Nullable String asked, @Nullable Json request, List<String> differences) {
        if (difference != null) return;
        var before = Requests.of(recorded);
        difference = new Difference(
                recorded.ordinal(),
                recorded.kind(),
                asked,
                label(recorded.kind(), recorded.name()),
                before == null ? null : Hash.of(before),
                request == null ? null : Hash.of(request),
                differences);
    }

    private static final String ADVICE =
            "Put back the code that recorded it, or tell the two apart with version(…); then resume the run.";

    /** The code asks for something else than was recorded. */
    public Failure.Diverged diverged(int ordinal, String asked, String recorded) {
        var there = journal.at(ordinal);
        if (there != null) found(there, asked, null, List.of());
        return doomed(
                new Failure.Diverged("%s diverged at position %d %s: the code asks for %s %s, where %s was recorded. %s"
                        .formatted(program, ordinal, place, asked, where(), recorded, ADVICE)));
    }

    /** Returns when everything recorded so far is on disk, and something new may begin. */
    public void settle() {
        requireAlive();
        try {
            journal.settle();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw doomed(new Journal.Superseded("It was interrupted."));
        } catch (Journal.Superseded over) {
            throw doomed(over);
        }
    }

    /** Returns if something new may begin. */
    public void safePoint() {
        requireAlive();
        try {
            journal.safePoint();
        } catch (Journal.Superseded over) {
            throw doomed(over);
        }
    }

    /** What is recorded at the next position, without moving on. */
    public @Nullable Effect peek() {
        requireAlive();
        return journal.at(position);
    }

    /** Moves on over positions whose content does not matter any more. */
    public void skip(int positions) {
        position += positions;
    }

    /** The next position. */
    public int position() {
        return position;
    }

    /** Whether anything is recorded from here on. */
    public boolean hasMore() {
        return journal.from(position) != null;
    }

    /** The code came to its end: everything that was recorded must have been asked for. */
    public void end() {
        requireAlive();
        var left = journal.from(position);
        if (left == null) return;
        found(left, null, null, List.of());
        throw doomed(new Failure.Diverged(
                "%s diverged at position %d %s: the code came to its end, where %s was recorded. %s"
                        .formatted(program, left.ordinal(), place, label(left.kind(), left.name()), ADVICE)));
    }

    /** {@code call "fetch"}, for messages. */
    public static String label(String kind, String name) {
        return name.isEmpty() ? kind : kind + " \"" + name + "\"";
    }

    /** The line of user code that asks. */
    private static String where() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !isOurs(frame.getClassName()))
                        .findFirst()
                        .map(frame -> "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                        .orElse("(at an unknown line)"));
    }

    private static boolean isOurs(String type) {
        return type.startsWith("dev.pawl.tape.")
                || type.startsWith("dev.pawl.job.")
                || type.startsWith("dev.pawl.io.")
                || type.startsWith("dev.pawl.graph.")
                || type.startsWith("java.");
    }

    /** From here on nothing more can be asked, whatever the code catches. */
    public <T extends Throwable> T doomed(T why) {
        if (doom == null) doom = why;
        return why;
    }

    public @Nullable Throwable doom() {
        return doom;
    }

    /** Meets what the code has caught although it should not have. */
    public void requireAlive() {
        var why = doom;
        if (why instanceof Error error) throw error;
        if (why instanceof RuntimeException unchecked) throw unchecked;
        if (why != null) throw new IllegalStateException(why);
    }
}
