package dev.pawl.job;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskKey;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Journal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes outside that must not happen twice. The intent is on disk before the call; an intent without an outcome is never
 * called again blindly: first the other side is asked, then a person.
 */
final class Once {

    private static final int MOST_TRIES = 10;

    private final Tape tape;
    private final Journal journal;
    private final Thrown thrown;
    private final Steps steps;

    Once(Tape tape, Thrown thrown, Steps steps) {
        this.tape = tape;
        this.journal = tape.journal();
        this.thrown = thrown;
        this.steps = steps;
    }

    /** What is wanted, with the key under which the other side knows it. */
    private record Change<T>(
            TypeRef<T> type,
            String key,
            Action.Keyed<T, ? extends Exception> call,
            Action.@Nullable Keyed<Optional<T>, ? extends Exception> reconcile) {}

    <T, E extends Exception> T once(
            RunId run,
            TaskKey task,
            String name,
            TypeRef<T> type,
            Action.Keyed<T, E> call,
            Action.@Nullable Keyed<Optional<T>, ? extends Exception> reconcile)
            throws E {
        var place = tape.next("once", name);
        String recordedKey = Notes.text(place.notes(), Notes.KEY);
        String key = recordedKey != null ? recordedKey : run + "-" + task.index() + "-" + place.ordinal();
        return go(place, new Change<>(type, key, call, reconcile));
    }

    private <T, E extends Exception> T go(Tape.Place place, Change<T> change) throws E {
        var recorded = place.recorded();
        if (recorded == null) return call(place, change);
        return switch (recorded.status()) {
            case APPLIED, SKIPPED -> steps.value(place, change.type());
            case BEGUN, RECONCILING -> reconcile(place, change, null);
            case INDETERMINATE -> throw unknown(place, change, null);
            case FAILED -> {
                if (Notes.text(place.notes(), Notes.EXCEPTION) != null) throw Steps.<E>sneaky(steps.again(place));
                steps.waitOut(place);
                yield call(place, change); // it is certain that it did not happen
            }
        };
    }

    private <T, E extends Exception> T call(Tape.Place place, Change<T> change) throws E {
        var begun = record(place, EffectStatus.BEGUN, notes(change), null);
        steps.settle();
        try {
            return applied(begun, change, change.call().run(change.key()));
        } catch (Unwinding | Journal.Superseded over) {
            throw tape.doomed(over);
        } catch (Exception failure) {
            return failed(begun, change, failure);
        }
    }

    /** Only a failure that says so is one: whatever else came back, or did not, the change may have happened. */
    private <T, E extends Exception> T failed(Tape.Place place, Change<T> change, Exception failure) throws E {
        var problem = Problem.of(journal.classOf(failure), failure);
        boolean refused = failure instanceof Failure;
        return switch (refused ? problem.failureClass() : FailureClass.UNCLASSIFIED) {
            case LOGIC -> {
                var notes = notes(change).with(Notes.EXCEPTION, Thrown.typeOf(failure));
                var last = record(place, EffectStatus.FAILED, notes, problem);
                throw Steps.<E>sneaky(againOf(last, failure));
            }
            case AUTH, PERMISSION -> {
                record(place, EffectStatus.FAILED, notes(change), problem);
                throw Steps.<E>sneaky(tape.doomed(failure));
            }
            case RATE_LIMITED -> {
                long at = journal.now()
                        + ((Failure.RateLimited) failure).retryAfter().toMillis();
                record(place, EffectStatus.FAILED, notes(change).with(Notes.UNTIL, at), problem);
                throw tape.doomed(new Unwinding.Parked(at));
            }
            default -> reconcile(place, change, failure);
        };
    }

    private Exception againOf(Tape.Place failed, Throwable first) {
        var recorded = failed.recorded();
        if (recorded == null) throw new IllegalStateException("Nothing was recorded at " + failed);
        return thrown.again(recorded, first);
    }

    /** Asks the other side; if it does not know either, a person has to. */
    private <T, E extends Exception> T reconcile(Tape.Place place, Change<T> change, @Nullable Exception failure)
            throws E {
        var probe = change.reconcile();
        if (probe == null || place.nextRevision() > 2 * MOST_TRIES) throw unknown(place, change, failure);
        var asked = place.is(EffectStatus.RECONCILING)
                ? place
                : record(place, EffectStatus.RECONCILING, notes(change), problem(failure));
        steps.settle();
        Optional<T> found;
        try {
            found = probe.run(change.key());
        } catch (Unwinding | Journal.Superseded over) {
            throw tape.doomed(over);
        } catch (Exception silent) {
            if (failure != null) silent.addSuppressed(failure);
            throw unknown(asked, change, silent);
        }
        if (found.isPresent()) return applied(asked, change, found.get());
        return call(record(asked, EffectStatus.FAILED, notes(change), problem(failure)), change);
    }

    private Failure.Indeterminate unknown(Tape.Place place, Change<?> change, @Nullable Exception failure) {
        if (!place.is(EffectStatus.INDETERMINATE)) {
            record(place, EffectStatus.INDETERMINATE, notes(change), problem(failure));
        }
        return tape.doomed(new Failure.Indeterminate(
                "Nobody knows whether \"%s\" (key %s) happened. Look at the other side, then say: pawl resolve RUN happened|did-not-happen|skip"
                        .formatted(place.name(), change.key()),
                failure));
    }

    private @Nullable Problem problem(@Nullable Exception failure) {
        return failure == null ? null : Problem.of(journal.classOf(failure), failure);
    }

    private <T> T applied(Tape.Place place, Change<T> change, T value) {
        journal.record(steps.applied(place, notes(change).done(), change.type(), value));
        return value;
    }

    private Tape.Place record(Tape.Place place, EffectStatus status, Notes notes, @Nullable Problem problem) {
        var recording = place.with(status, notes.done(), null, problem);
        journal.record(recording);
        return place.after(recording);
    }

    private static Notes notes(Change<?> change) {
        return new Notes().with(Notes.KEY, change.key());
    }
}
