package dev.pawl.travel;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Hash;
import dev.pawl.json.JsonDiff;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.Result;
import dev.pawl.tape.Tape;
import dev.pawl.tape.Unwinding;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a task whose code was executed again along its journal, beside what is recorded of its end.
 *
 * @param program the program and its version, for messages
 * @param moment the number of the step, or of the moment that its journal begins at
 * @param perEffect how many moments an effect is: 1 where each is one, else 0
 */
public record Retake(String program, TaskKey task, int moment, int perEffect, Tape tape) {

    /** Where the code asked for something else than was recorded; null if it did not. */
    public @Nullable Divergence divergence() {
        if (!(tape.doom() instanceof Failure.Diverged why)) return null;
        var found = tape.difference();
        if (found == null) return otherVersion(why);
        return new Divergence(
                task.run(),
                moment(found.ordinal()),
                task.label(),
                found.ordinal(),
                found.type(),
                found.recordedRequest(),
                found.askedRequest(),
                found.differences(),
                String.valueOf(why.getMessage()));
    }

    /** The code does not go on with the version of a change that is recorded. */
    private Divergence otherVersion(Failure.Diverged why) {
        int ordinal = Math.max(0, tape.position() - 1);
        return new Divergence(
                task.run(),
                moment(ordinal),
                task.label(),
                ordinal,
                "version",
                null,
                null,
                List.of(),
                String.valueOf(why.getMessage()));
    }

    private int moment(int ordinal) {
        return moment + perEffect * (ordinal + 1);
    }

    /** The code asks for more than was recorded of a task that has ended. */
    public Divergence unrecorded() {
        var place = tape.newest();
        if (place == null) return differs("end", null, null, List.of(), "it asks for something that is not recorded");
        var request = place.request();
        String hash = request == null ? null : Hash.of(request);
        return new Divergence(
                task.run(),
                moment(place.ordinal()),
                task.label(),
                place.ordinal(),
                place.kind(),
                null,
                hash,
                List.of(),
                "%s diverged at position %d of task %s in run %s: the code asks for %s%s, where %s."
                        .formatted(
                                program,
                                place.ordinal(),
                                task.label(),
                                task.run(),
                                Tape.label(place.kind(), place.name()),
                                hash == null ? "" : " (request " + hash + ")",
                                place.recorded() == null ? "nothing is recorded" : "no end of it is recorded"));
    }

    /** The code came to another value than was recorded. */
    public Divergence differs(String type, String what, Json recorded, Json now) {
        var differences = JsonDiff.of(recorded, now);
        return differs(
                type,
                Hash.of(recorded),
                Hash.of(now),
                differences,
                what
                        + ". Recorded hash %s, now %s. %s"
                                .formatted(Hash.of(recorded), Hash.of(now), String.join(" ", differences)));
    }

    /** The code did something else than was recorded. */
    public Divergence differs(
            String type, @Nullable String recorded, @Nullable String now, List<String> differences, String what) {
        return new Divergence(
                task.run(),
                perEffect == 0 ? moment : moment + perEffect * tape.position(),
                task.label(),
                null,
                type,
                recorded,
                now,
                differences,
                "%s diverged in task %s in run %s: %s%s"
                        .formatted(program, task.label(), task.run(), what, what.endsWith(".") ? "" : "."));
    }

    /** What is known of a task that did not come to its end when it was executed again, though its record goes on. */
    public Divergence threw(Throwable thrown) {
        if (thrown instanceof Unwinding.EndOfJournal) return unrecorded();
        var diverged = divergence();
        return diverged != null
                ? diverged
                : differs("end", null, null, List.of(), "it succeeded, and now ends with " + thrown);
    }

    /**
     * How a task ended, or did not, that has no recorded success.
     *
     * @param said what to tell of it
     */
    public record Ending(String said, @Nullable Divergence divergence) {}

    /**
     * The code threw, or was stopped, in a task that has no recorded success.
     *
     * @param status how the task stands
     * @param recorded its newest problem, or null
     */
    public Ending without(TaskStatus status, @Nullable Json recorded, Throwable thrown) {
        var diverged = divergence();
        if (diverged != null) return new Ending("", diverged);
        var problem = recorded == null ? null : Problem.parse(recorded);
        if (thrown instanceof Unwinding
                || thrown instanceof Failure.ApprovalWanted
                || thrown instanceof Failure.Indeterminate) {
            if (status == TaskStatus.FAILED && problem != null && isReproducible(problem)) {
                return new Ending(
                        "",
                        differs(
                                "end",
                                null,
                                null,
                                List.of(),
                                "it failed with %s, and now goes on: %s".formatted(problem.summary(), waits(thrown))));
            }
            String failed =
                    status == TaskStatus.FAILED && problem != null ? "It failed: " + problem.summary() + " " : "";
            return new Ending(failed + waits(thrown), null);
        }
        var now = thrown instanceof Failure.Exhausted exhausted
                ? exhausted.problem()
                : Problem.of(
                        thrown instanceof Failure failure ? failure.failureClass() : FailureClass.UNCLASSIFIED, thrown);
        if (problem != null
                && problem.message().equals(now.message())
                && problem.type().equals(now.type())) {
            return new Ending(
                    (status == TaskStatus.FAILED ? "It failed as recorded: " : "It fails as its last attempt did: ")
                            + sentence(problem.summary()),
                    null);
        }
        if (status == TaskStatus.FAILED && problem != null && isReproducible(problem)) {
            return new Ending("", differs("end", problem.toJson(), now.toJson()));
        }
        return new Ending(
                (problem == null ? "" : "It failed: " + sentence(problem.summary()) + " ")
                        + "Executed again, it fails: " + sentence(now.summary()),
                null);
    }

    private Divergence differs(String type, Json recorded, Json now) {
        var before = Problem.parse(recorded);
        var after = Problem.parse(now);
        return differs(
                type,
                null,
                null,
                List.of("The failure was " + before.summary() + " and is now " + after.summary() + "."),
                "it failed with " + before.summary() + ", and now fails with " + after.summary());
    }

    /** The code came to its end in a task that has no recorded success. */
    public Ending with(TaskStatus status, @Nullable Json recorded, String end) {
        var problem = recorded == null ? null : Problem.parse(recorded);
        if (status == TaskStatus.FAILED && problem != null && isReproducible(problem)) {
            return new Ending(
                    "",
                    differs("end", null, null, List.of(), "it failed with " + problem.summary() + ", and now " + end));
        }
        return new Ending("Everything that it asks for is recorded: executed again, it " + end + ".", null);
    }

    /** Whether code alone made it fail: a lack of time or a lost worker cannot be had again. */
    private static boolean isReproducible(Problem problem) {
        return problem.failureClass() == FailureClass.LOGIC || problem.failureClass() == FailureClass.UNCLASSIFIED;
    }

    /** What code that was stopped at the end of its journal waits for, or asks for next. */
    private String waits(Throwable thrown) {
        var place = tape.newest();
        if (place == null) return "Nothing is recorded of it.";
        String label = Tape.label(place.kind(), place.name());
        return switch (thrown) {
            case Unwinding.Parked parked
            when parked.until() < Result.NEVER ->
                "It waits at %s until %s.".formatted(label, Instant.ofEpochMilli(parked.until()));
            case Failure.ApprovalWanted ignored -> "It waits for %s.".formatted(label);
            case Failure.Indeterminate ignored -> sentence(String.valueOf(thrown.getMessage()));
            default -> {
                if (place.is(EffectStatus.BEGUN)) {
                    yield place.kind().equals("call")
                            ? "It tries %s again.".formatted(label)
                            : "It waits for %s.".formatted(label);
                }
                yield "Nothing more is recorded: it asks for %s next.".formatted(label);
            }
        };
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
