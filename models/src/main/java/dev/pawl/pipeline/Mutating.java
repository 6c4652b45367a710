package dev.pawl.pipeline;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.json.Codec;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.tape.Notes;
import dev.pawl.tape.Tape;
import dev.pawl.tape.Unwinding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one change of an activation. Its intent is on disk before the call; and from then on it is never called again, until it
 * is proved that it did not happen. Proof is a failure that says so by its type, the other system when asked, or a person.
 *
 * <p>The idea of an outcome that is tracked on its own, apart from how far the work has come and why it is not moving, is
 * keep.ai's.
 */
final class Mutating<P, R> {

    private static final Codec CODEC = Codec.STANDARD;

    /** Notes: a title for people, and how often the other system was asked. */
    static final String TITLE = "title";

    static final String ASKED = "asked";

    /** In the notes: it was intended, and certainly not called. */
    private static final String UNCALLED = "uncalled";

    /** Another note: what it said last when it was asked, and did not know. */
    static final String ANSWER = "answer";

    private final Handler.Consumer<?, P, R> consumer;
    private final Handler.Change<P, R> change;
    private final Claimed task;
    private final Journal journal;
    private final Tape tape;

    Mutating(
            Handler.Consumer<?, P, R> consumer, Handler.Change<P, R> change, Claimed task, Journal journal, Tape tape) {
        this.consumer = consumer;
        this.change = change;
        this.task = task;
        this.journal = journal;
        this.tape = tape;
    }

    /** The change certainly did not happen: the activation ends, its messages are released, and another one begins. */
    static final class Refused extends Exception {
        private final transient Problem problem;
        private final boolean counts;
        private final long afterMillis;

        /**
         * @param counts whether it counts as a failure
         * @param afterMillis what the other system asked to wait
         */
        Refused(Problem problem, boolean counts, long afterMillis) {
            super(problem.message(), null, false, false);
            this.problem = problem;
            this.counts = counts;
            this.afterMillis = afterMillis;
        }

        /** @param reserved the messages to release */
        Result.Failed result(List<Integer> reserved) {
            return new Result.Failed(
                    problem, Retried.afresh(reserved, counts, afterMillis).facts());
        }
    }

    /**
     * What is wanted.
     *
     * @param key the same as long as the prepared work is the same, whoever goes on with it
     */
    private record Wanted<P>(P data, String key, String title) {}

    /** Whether nothing was called yet for what was prepared. */
    static boolean isUntouched(@Nullable Effect change) {
        return change == null
                || (change.status() == EffectStatus.FAILED && Notes.number(change.request(), UNCALLED, 0) == 1);
    }

    Outcome<R> outcome(P data, Json request, String title) throws Exception {
        var place = tape.begin("once", consumer.name(), request);
        String recordedKey = Notes.text(place.notes(), Notes.KEY);
        String key = recordedKey != null
                ? recordedKey
                : task.run().id() + "-" + consumer.name() + "-" + task.key().index();
        var wanted = new Wanted<>(data, key, title);
        var recorded = place.recorded();
        if (recorded == null) return call(place, wanted);
        return switch (recorded.status()) {
            case APPLIED -> new Outcome.Applied<>(value(recorded));
            case SKIPPED -> new Outcome.Skipped<>();
            case BEGUN, RECONCILING -> ask(place, wanted, null);
            case INDETERMINATE -> throw indeterminate(place, wanted, notes(wanted, 0), null);
            case FAILED -> {
                if (Notes.number(place.notes(), UNCALLED, 0) == 0) throw refused(place);
                yield call(place, wanted);
            }
        };
    }

    private @Nullable R value(Effect applied) {
        if (applied.value() == null) return null;
        try {
            return CODEC.read(
                    journal.load(applied.value()),
                    change.result(),
                    "What the change of " + consumer.label() + " gave back");
        } catch (Failure.Logic misfit) {
            if (applied.attempt() > 0) throw misfit;
            // A person said that it happened, and that counts for good. What came back they did not know after all.
            journal.note(
                    "change.unreadable",
                    new Json("{\"error\":"
                            + Problem.of(FailureClass.LOGIC, misfit).toJson() + "}"));
            return null;
        }
    }

    private Outcome<R> call(Tape.Place place, Wanted<P> wanted) throws Exception {
        var begun = intend(place, wanted);
        R result;
        try {
            result = change.code().run(wanted.data(), wanted.key());
        } catch (Exception failure) {
            return failed(begun, wanted, failure);
        }
        return applied(begun, wanted, 0, result);
    }

    /**
     * The intent is on disk. If nothing new may begin any more, it is certain that nothing was called: nobody has to be asked
     * about it, and the next attempt calls. So the intent is not even recorded if that is known before.
     */
    private Tape.Place intend(Tape.Place place, Wanted<P> wanted) {
        tape.safePoint();
        var begun = record(place, EffectStatus.BEGUN, notes(wanted, 0), null);
        try {
            journal.save();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw tape.doomed(new Journal.Superseded("It was interrupted."));
        } catch (Journal.Superseded over) {
            throw tape.doomed(over);
        }
        try {
            tape.safePoint();
        } catch (Journal.Superseded over) {
            record(begun, EffectStatus.FAILED, notes(wanted, 0).with(UNCALLED, 1), null);
            throw over;
        }
        return begun;
    }

    /** On disk before anything follows from it. */
    private Outcome<R> applied(Tape.Place place, Wanted<P> wanted, int asked, @Nullable R result) throws Exception {
        String what = "What the change of " + consumer.label() + " gave back";
        var kept = journal.payload(what, CODEC.write(result, change.result(), what));
        journal.record(place.with(EffectStatus.APPLIED, notes(wanted, asked), kept, null));
        if (consumer.next() != null) journal.save();
        return new Outcome.Applied<>(result);
    }

    /** Only what says by its type that nothing happened is a failure; after everything else it may have happened. */
    private Outcome<R> failed(Tape.Place place, Wanted<P> wanted, Exception failure) throws Exception {
        boolean says = failure instanceof Failure && !PhaseOver.isBehind(failure);
        var problem = Problem.of(journal.classOf(failure), failure);
        return switch (says ? problem.failureClass() : FailureClass.UNCLASSIFIED) {
            case LOGIC, PERMISSION -> throw new Refused(fail(place, wanted, 0, problem), true, 0);
            case RATE_LIMITED ->
                throw new Refused(
                        fail(place, wanted, 0, problem),
                        true,
                        retryAfter(failure).toMillis());
            default -> ask(place, wanted, problem);
        };
    }

    private static Duration retryAfter(Exception failure) {
        return failure instanceof Failure.RateLimited limited ? limited.retryAfter() : Duration.ZERO;
    }

    private Problem fail(Tape.Place place, Wanted<P> wanted, int asked, Problem problem) {
        record(place, EffectStatus.FAILED, notes(wanted, asked), problem);
        return problem;
    }

    /** An earlier attempt recorded that it did not happen, or somebody has said so since. */
    private static Refused refused(Tape.Place place) {
        var effect = place.recorded();
        boolean said = effect != null && effect.attempt() == 0;
        var problem = effect == null || effect.problem() == null || said
                ? Problem.of(FailureClass.TRANSIENT, "DidNotHappen", "The change did not happen.")
                : Problem.parse(effect.problem());
        return new Refused(problem, !said, 0);
    }

    // ---- when nobody knows ----------------------------------------------------------------------------------------

    /** @param failure what the call threw; null if that is not known */
    private Outcome<R> ask(Tape.Place place, Wanted<P> wanted, @Nullable Problem failure) throws Exception {
        var why = failure == null ? recordedProblem(place) : failure;
        var probe = change.probe();
        boolean anew = recorded(place).map(Effect::attempt).orElse(1) == 0; // somebody wants it to be asked again
        int asked = anew ? 0 : (int) Notes.number(place.notes(), ASKED, 0);
        long until = anew ? 0 : Notes.number(place.notes(), Notes.UNTIL, 0);
        if (probe == null) throw indeterminate(place, wanted, notes(wanted, asked), why);
        if (journal.now() < until) throw new Unwinding.Parked(until);
        mayAsk(place, wanted, asked, failure);
        Optional<R> found;
        try {
            found = TimeLimit.within(change.reconciling().limit(), () -> probe.run(wanted.data(), wanted.key()));
        } catch (Exception silent) {
            journal.safePoint(); // it may be silent because this worker stops
            return later(place, wanted, asked + 1, why, Problem.of(journal.classOf(silent), silent));
        }
        if (found.isPresent()) {
            journal.note("change.reconciled", told(wanted, "APPLIED", asked + 1, null));
            return applied(place, wanted, asked + 1, found.get());
        }
        journal.note("change.reconciled", told(wanted, "FAILED", asked + 1, null));
        boolean ours = why != null; // else only the worker died
        var problem = why == null
                ? Problem.of(
                        FailureClass.TRANSIENT, "DidNotHappen", "The change did not happen: its worker died before.")
                : why;
        throw new Refused(fail(place, wanted, asked + 1, problem), ours, 0);
    }

    /** Should nothing new begin any more, then at least what the call threw is not lost. */
    private void mayAsk(Tape.Place place, Wanted<P> wanted, int asked, @Nullable Problem failure) {
        try {
            journal.safePoint();
        } catch (Journal.Superseded over) {
            if (failure != null) record(place, EffectStatus.RECONCILING, notes(wanted, asked), failure);
            throw over;
        }
    }

    private static Optional<Effect> recorded(Tape.Place place) {
        return Optional.ofNullable(place.recorded());
    }

    private static @Nullable Problem recordedProblem(Tape.Place place) {
        return recorded(place).map(Effect::problem).map(Problem::parse).orElse(null);
    }

    /** Asks again after a while; or a person, when it was asked often enough. */
    private Outcome<R> later(Tape.Place place, Wanted<P> wanted, int asked, @Nullable Problem why, Problem silent) {
        var notes = notes(wanted, asked).with(ANSWER, silent.toJson());
        if (asked > change.reconciling().times()) throw indeterminate(place, wanted, notes, why == null ? silent : why);
        long until = journal.now() + change.reconciling().pause(asked).toMillis();
        record(place, EffectStatus.RECONCILING, notes.with(Notes.UNTIL, until), why);
        journal.note("change.asked", told(wanted, "RECONCILING", asked, silent));
        throw new Unwinding.Parked(until);
    }

    private static Json told(Wanted<?> wanted, String status, int asked, @Nullable Problem silent) {
        return new Json("{\"key\":" + Json.quote(wanted.key()) + ",\"status\":\"" + status + "\",\"asked\":" + asked
                + (silent == null ? "" : ",\"error\":" + silent.toJson()) + "}");
    }

    private Failure.Indeterminate indeterminate(
            Tape.Place place, Wanted<P> wanted, Notes notes, @Nullable Problem why) {
        if (!place.is(EffectStatus.INDETERMINATE)) {
            record(place, EffectStatus.INDETERMINATE, notes, why);
        }
        String what = wanted.title().isEmpty() ? consumer.name() : wanted.title();
        return Failure.Indeterminate.journaled(
                "Nobody knows whether \"%s\" (key %s) happened%s. Look at the other system, then say: pawl resolve RUN happened|did-not-happen|skip%s"
                        .formatted(
                                what,
                                wanted.key(),
                                why == null ? "" : ": " + why.summary().replaceFirst("[.]$", ""),
                                change.probe() == null ? "" : "|again"),
                null);
    }

    private Tape.Place record(Tape.Place place, EffectStatus status, Notes notes, @Nullable Problem problem) {
        var recording = place.with(status, notes, null, problem);
        journal.record(recording);
        return place.after(recording);
    }

    private Notes notes(Wanted<P> wanted, int asked) {
        var notes = new Notes().with(Notes.KEY, wanted.key());
        if (!wanted.title().isEmpty()) notes.with(TITLE, wanted.title());
        if (change.probe() != null) notes.with(Effect.PROBE, 1);
        return asked == 0 ? notes : notes.with(ASKED, asked);
    }
}
