package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt of a job: answers from the tape where something is recorded, and does and records the rest. */
final class LiveJob implements JobContext {

    private static final Logger log = LoggerFactory.getLogger(JobContext.class);
    private static final Codec CODEC = Codec.STANDARD;
    static final String START = "start";

    private static final Duration FOREVER = Duration.ofMillis(Result.NEVER);
    private static final long NANOS_BETWEEN_PROGRESS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Claimed task;
    private final Tape tape;
    private final Journal journal;
    private final Steps steps;
    private final Once once;
    private final Parallel parallel;
    private final Thrown thrown = new Thrown();
    private final Map<String, Integer> versions = new HashMap<>();
    private final List<Undo> undos = new ArrayList<>();
    private long progressWritten = Long.MIN_VALUE / 2;

    /** A step that undoes something. */
    record Undo(String name, Action.Silent<?> step) {}

    /** @param retry how steps are tried again that say nothing else */
    LiveJob(Claimed task, String label, Retry retry, Journal journal) {
        this.task = task;
        this.journal = journal;
        this.tape = new Tape(label, journal);
        this.steps = new Steps(tape, thrown, retry);
        this.once = new Once(tape, thrown, steps);
        this.parallel = new Parallel(tape, thrown, steps);
    }

    Tape tape() {
        return tape;
    }

    Thrown thrown() {
        return thrown;
    }

    /** The steps that undo what was done, in the order in which they were registered. */
    List<Undo> undos() {
        return undos;
    }

    @Override
    public RunId run() {
        return task.run().id();
    }

    @Override
    public int attempt() {
        return task.attempt();
    }

    // ---- steps ----------------------------------------------------------------------------------------------------

    @Override
    public <T, E extends Exception> T call(String name, Class<T> type, Action<T, E> step) throws E {
        return steps.call(name, TypeRef.of(type), null, step);
    }

    @Override
    public <T, E extends Exception> T call(String name, TypeRef<T> type, Action<T, E> step) throws E {
        return steps.call(name, type, null, step);
    }

    @Override
    public <T, E extends Exception> T call(String name, TypeRef<T> type, Retry retry, Action<T, E> step) throws E {
        return steps.call(name, type, retry, step);
    }

    @Override
    @SuppressWarnings("NullAway") // nothing is what such a step gives back
    public <E extends Exception> void call(String name, Action.Silent<E> step) throws E {
        steps.call(name, TypeRef.of(Object.class), null, () -> {
            step.run();
            return null;
        });
    }

    @Override
    public <T, E extends Exception> T once(String name, Class<T> type, Action.Keyed<T, E> change) throws E {
        return once.once(run(), task.key(), name, TypeRef.of(type), change, null);
    }

    @Override
    public <T, E extends Exception> T once(
            String name,
            Class<T> type,
            Action.Keyed<T, E> change,
            Action.Keyed<Optional<T>, ? extends Exception> reconcile)
            throws E {
        return once.once(run(), task.key(), name, TypeRef.of(type), change, reconcile);
    }

    @Override
    public <T, E extends Exception> T transact(String name, Class<T> type, Action.Transacted<T, E> work) throws E {
        return steps.transact(name, TypeRef.of(type), work);
    }

    // ---- waiting --------------------------------------------------------------------------------------------------

    @Override
    public void sleep(Duration time) {
        var place = tape.next("sleep", "");
        if (place.recorded() == null) sleepFrom(place, after(time));
        else sleepOn(place);
    }

    @Override
    public void sleepUntil(Instant time) {
        var place = tape.next("sleep", "");
        if (place.recorded() == null) sleepFrom(place, at(time));
        else sleepOn(place);
    }

    private static long at(Instant time) {
        if (time.isBefore(Instant.EPOCH)) return 0;
        return time.isBefore(Instant.ofEpochMilli(Result.NEVER)) ? time.toEpochMilli() : Result.NEVER;
    }

    /** In epoch milliseconds; never later than for ever, however long the time is. */
    private long after(Duration time) {
        if (time.isNegative()) return journal.now();
        return time.compareTo(FOREVER) < 0 ? journal.now() + time.toMillis() : Result.NEVER;
    }

    private void sleepFrom(Tape.Place place, long until) {
        journal.record(place.applied(new Notes().with(Notes.UNTIL, until).done(), null));
        parkUntil(until);
    }

    private void sleepOn(Tape.Place place) {
        parkUntil(Notes.number(place.notes(), Notes.UNTIL, 0));
    }

    private void parkUntil(long until) {
        if (journal.now() < until) throw tape.doomed(new Unwinding.Parked(until));
    }

    @Override
    @SuppressWarnings("NullAway") // a signal may carry null; only its sender knows
    public <T> T await(String signal, Class<T> type) {
        return steps.value(received(signal, FOREVER), TypeRef.of(type));
    }

    @Override
    public <T> Optional<T> await(String signal, Class<T> type, Duration timeout) {
        var place = received(signal, timeout);
        if (Notes.text(place.notes(), Notes.TIMED_OUT) != null) return Optional.empty();
        return Optional.ofNullable(steps.value(place, TypeRef.of(type)));
    }

    /** The place of a signal that has come, or of a wait that has given up. */
    private Tape.Place received(String signal, Duration timeout) {
        var place = tape.next("await", signal);
        if (place.is(EffectStatus.APPLIED)) return place;
        steps.settle(); // a message that was taken just now must not be found again
        var messages = journal.messages(signal, 1);
        if (!messages.isEmpty()) {
            var message = messages.getFirst();
            var recording = place.applied(null, message.payload());
            journal.record(recording, message);
            return place.after(recording);
        }
        long until = place.recorded() == null ? after(timeout) : Notes.number(place.notes(), Notes.UNTIL, Result.NEVER);
        if (journal.now() >= until) {
            var recording =
                    place.applied(new Notes().with(Notes.TIMED_OUT, "true").done(), null);
            journal.record(recording);
            return place.after(recording);
        }
        waitFor(place, until);
        throw tape.doomed(new Unwinding.Parked(until));
    }

    /** Records what it waits for, for people and for the time when it gives up. */
    private void waitFor(Tape.Place place, long until) {
        if (place.recorded() != null) return;
        var notes = until >= Result.NEVER
                ? null
                : new Notes().with(Notes.UNTIL, until).done();
        journal.record(place.with(EffectStatus.BEGUN, notes, null, null));
    }

    // ---- other runs -----------------------------------------------------------------------------------------------

    @Override
    public <I, O> Child<O> start(TypedProgram<I, O> program, I input) {
        return start(program, input, false);
    }

    @Override
    public <I, O> Child<O> startDetached(TypedProgram<I, O> program, I input) {
        return start(program, input, true);
    }

    private <I, O> Child<O> start(TypedProgram<I, O> program, I input, boolean detached) {
        var place = tape.next(START, program.name());
        if (place.recorded() != null) {
            var child = RunId.parse(steps.value(place, TypeRef.of(String.class)));
            if (place.recorded().attempt() == 0) parallel.adopt(child);
            return new Child<>(child, program);
        }
        var start = new Journal.Start(program, program.encode(input), null, detached, Duration.ZERO, null);
        var notes = detached ? new Notes().with(Notes.DETACHED, "true").done() : null;
        return new Child<>(journal.start(place.applied(notes, null), start), program);
    }

    @Override
    public <O> O await(Child<O> child) {
        var place = parallel.placeOf(child);
        if (!place.is(EffectStatus.APPLIED)) {
            steps.settle();
            var ended = journal.ended(List.of(child.run())).get(child.run());
            if (ended == null) {
                waitFor(place, Result.NEVER);
                throw tape.doomed(new Unwinding.Parked(parallel.lookAgain(List.of(child.run()))));
            }
            place = parallel.recordEnd(place, child.run(), ended);
        }
        return parallel.outputOf(child, place);
    }

    // ---- several things at once -----------------------------------------------------------------------------------

    @Override
    public <T> List<T> all(List<? extends Branch<? extends T>> branches) throws Exception {
        return parallel.all(branches);
    }

    @Override
    public <T> T any(List<? extends Branch<? extends T>> branches) throws Exception {
        return parallel.first(Parallel.ANY, branches, true);
    }

    @Override
    public <T> T race(List<? extends Branch<? extends T>> branches) throws Exception {
        return parallel.first(Parallel.RACE, branches, false);
    }

    // ---- what would differ from time to time ----------------------------------------------------------------------

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(number("now", journal.now()));
    }

    @Override
    public RandomGenerator random() {
        return new SplittableRandom(number("random", new SplittableRandom().nextLong()));
    }

    /** Recorded as text: not every long is a number in JSON everywhere. */
    private long number(String kind, long fresh) {
        return Long.parseLong(text(kind, String.valueOf(fresh)));
    }

    @Override
    public UUID uuid() {
        return UUID.fromString(text("uuid", UUID.randomUUID().toString()));
    }

    private String text(String kind, String fresh) {
        var place = tape.next(kind, "");
        if (place.recorded() != null) return steps.value(place, TypeRef.of(String.class));
        journal.record(place.applied(null, Payload.inline(new Json(Json.quote(fresh)))));
        return fresh;
    }

    @Override
    public int version(String change, int oldest, int newest) {
        var known = versions.get(change);
        if (known == null) known = newVersion(change, oldest, newest);
        versions.put(change, known);
        if (known < oldest || known > newest) {
            throw tape.doomed(new Failure.Diverged(
                    "Run %s is at version %d of change \"%s\", and this code goes on with %d to %d. Put that version back, or let older runs finish first."
                            .formatted(run(), known, change, oldest, newest)));
        }
        return known;
    }

    private int newVersion(String change, int oldest, int newest) {
        Effect recorded = tape.peek();
        boolean isThere = recorded != null
                && recorded.kind().equals("version")
                && recorded.name().equals(change);
        boolean passedBefore = !isThere && tape.hasMore();
        if (passedBefore) return oldest;
        var place = tape.next("version", change);
        if (isThere) return steps.value(place, TypeRef.of(Integer.class));
        journal.record(place.applied(null, Payload.inline(new Json(String.valueOf(newest)))));
        return newest;
    }

    // ---- long work ------------------------------------------------------------------------------------------------

    @Override
    public <T> Optional<T> checkpoint(Class<T> type) {
        tape.requireAlive();
        var kept = journal.at(Effect.CHECKPOINT);
        if (kept == null || kept.value() == null) return Optional.empty();
        return Optional.ofNullable(
                CODEC.read(journal.load(kept.value()), TypeRef.of(type), "The checkpoint of the job"));
    }

    @Override
    public void checkpoint(Object state) {
        tape.requireAlive();
        var json = CODEC.write(state, TypeRef.of(Object.class), "The checkpoint of the job");
        journal.keep(Journal.Recording.applied(
                Effect.CHECKPOINT, "checkpoint", "", null, journal.payload("The checkpoint of the job", json)));
        steps.settle();
    }

    @Override
    public void progress(long done, long total, String what) {
        tape.requireAlive();
        long all = Math.max(0, total);
        var notes = new Notes()
                .with("done", Math.clamp(done, 0, all))
                .with("total", all)
                .with("what", what)
                .done();
        journal.keep(Journal.Recording.applied(Effect.PROGRESS, "progress", "", notes, null));
        journal.safePoint();
        if (System.nanoTime() - progressWritten < NANOS_BETWEEN_PROGRESS) return; // the next write takes it along
        progressWritten = System.nanoTime();
        steps.settle();
    }

    @Override
    public void alive() {
        tape.requireAlive();
        journal.safePoint();
    }

    @Override
    public void log(String line) {
        var place = tape.next("log", "");
        if (place.recorded() != null) return;
        log.info("{}: {}", run(), line);
        journal.record(place.applied(null, journal.payload("A line of the log", new Json(Json.quote(line)))));
    }

    // ---- ends -----------------------------------------------------------------------------------------------------

    @Override
    public <E extends Exception> void compensate(String name, Action.Silent<E> undo) {
        var place = tape.next("compensate", name);
        // A run that goes on from another has a journal that says so, and still has to say so itself.
        boolean unsaid = task.run().undo() == null && task.key().name().equals(JobRules.JOB);
        if (place.recorded() == null || unsaid) journal.record(place.applied(null, null), JobRules.UNDO);
        undos.add(new Undo(name, undo));
    }

    @Override
    public RuntimeException continueWith(@Nullable Object input) {
        tape.end();
        throw tape.doomed(new Unwinding.Continued(input));
    }
}
