package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.io.Action;
import dev.pawl.io.Approval;
import dev.pawl.io.Artifact;
import dev.pawl.io.Connector;
import dev.pawl.io.Io;
import dev.pawl.json.Codec;
import dev.pawl.json.Hash;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt of a task: answers from the tape where something is recorded, and does and records the rest. */
public class LiveIo implements Io {

    private static final Logger log = LoggerFactory.getLogger(Io.class);
    private static final Codec CODEC = Codec.STANDARD;
    private static final Duration FOREVER = Duration.ofMillis(Result.NEVER);

    private final Claimed task;
    private final Tape tape;
    private final Journal journal;
    private final Thrown thrown = new Thrown();
    private final Steps steps;
    private final Once once;
    private final Map<String, Integer> versions = new HashMap<>();
    private long clock;

    /**
     * @param program the program and its version, for messages
     * @param retry how steps are tried again that say nothing else
     */
    public LiveIo(Claimed task, String program, Retry retry, Journal journal) {
        this.task = task;
        this.journal = journal;
        this.tape = new Tape(program, task, journal);
        this.steps = new Steps(tape, thrown, retry);
        this.once = new Once(tape, thrown, steps);
    }

    public final Tape tape() {
        return tape;
    }

    public final Thrown thrown() {
        return thrown;
    }

    public final Steps steps() {
        return steps;
    }

    /** How the code ended that did not return. What it was doomed to counts, whatever it made of that. */
    public final Result ended(Throwable raised) throws Exception {
        var doom = tape.doom();
        if (doom == null) mark(raised);
        var why = doom == null ? thrown.leaving(raised) : doom;
        return switch (why) {
            case Unwinding.Parked parked -> new Result.Parked(parked.until(), null);
            case Error error -> throw error;
            case Exception exception -> throw exception;
            default -> throw new IllegalStateException(why);
        };
    }

    /** For whoever retries the run: what to do over. */
    private void mark(Throwable raised) {
        String at = thrown.origin(raised);
        if (at == null) return;
        var notes = new Notes().with(Notes.AT, at).done();
        journal.keep(Journal.Recording.applied(Effect.FAILURE, "failure", "", notes, null));
    }

    @Override
    public RunId run() {
        return task.run().id();
    }

    @Override
    public String task() {
        return task.key().label();
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
    @SuppressWarnings("NullAway") // nothing is what such a change gives back
    public <E extends Exception> void once(String name, Action.Silent<E> change) throws E {
        once.once(
                run(),
                task.key(),
                name,
                TypeRef.of(Object.class),
                key -> {
                    change.run();
                    return null;
                },
                null);
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
    public <Q, T, E extends Exception> T call(String name, Q request, Class<T> type, Action.Of<Q, T, E> step) throws E {
        var place = tape.begin("call", name, CODEC.write(request, TypeRef.of(Object.class), requestOf(name)));
        return steps.call(place, TypeRef.of(type), null, () -> step.run(request));
    }

    private static String requestOf(String name) {
        return "The request of \"" + name + '"';
    }

    @Override
    public <Q, R> R call(String name, Connector<Q, R> to, Q request) throws Exception {
        var place = tape.begin(to.kind(), name, to.request(request));
        return steps.call(place, to.response(), null, () -> to.call(request, context(place, null)));
    }

    @Override
    public <Q, R> R once(String name, Connector<Q, R> to, Q request) throws Exception {
        var place = tape.begin(to.kind() + ".once", name, to.request(request));
        return once.once(
                place,
                run(),
                task.key(),
                to.response(),
                key -> to.call(request, context(place, key)),
                to.canTell() ? key -> to.find(request, key) : null);
    }

    private Connector.Context context(Tape.Place place, @Nullable String key) {
        return new Connector.Context(key, Trace.parent(task.key(), place.ordinal()));
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
        journal.record(place.applied(new Notes().with(Notes.UNTIL, until), null));
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
            var recording = place.applied(new Notes().with(Notes.TIMED_OUT, "true"), null);
            journal.record(recording);
            return place.after(recording);
        }
        waitFor(place, until);
        throw tape.doomed(new Unwinding.Parked(until));
    }

    /** Records what it waits for, for people and for the time when it gives up. */
    protected final void waitFor(Tape.Place place, long until) {
        if (place.recorded() != null) return;
        var notes = until >= Result.NEVER ? null : new Notes().with(Notes.UNTIL, until);
        journal.record(place.with(EffectStatus.BEGUN, notes, null, null));
    }

    @Override
    public Approval approval(String name, Object question) {
        var place = tape.next("approval", name, CODEC.write(question, TypeRef.of(Object.class), requestOf(name)));
        if (place.is(EffectStatus.APPLIED)) return steps.value(place, TypeRef.of(Approval.class));
        if (place.recorded() == null) journal.record(place.with(EffectStatus.BEGUN, null, null, null));
        throw tape.doomed(new Failure.ApprovalWanted("Somebody has to approve \"" + name + "\"."));
    }

    // ---- artifacts ------------------------------------------------------------------------------------------------

    @Override
    public Artifact write(String name, String mediaType, byte[] content) {
        var artifact = new Artifact(name, mediaType, Hash.of(content), content.length, "");
        var place =
                tape.begin("artifact.write", name, CODEC.write(artifact, TypeRef.of(Artifact.class), requestOf(name)));
        if (place.recorded() != null) return steps.value(place, TypeRef.of(Artifact.class));
        var kept = artifact.at(journal.artifact(content));
        var json = CODEC.write(kept, TypeRef.of(Artifact.class), "The artifact \"" + name + '"');
        journal.record(place.applied(null, Payload.inline(json)));
        return kept;
    }

    @Override
    public byte[] read(Artifact artifact) {
        var place = tape.begin(
                "artifact.read", artifact.name(), CODEC.write(artifact, TypeRef.of(Artifact.class), "The artifact"));
        if (place.recorded() == null) journal.record(place.applied(null, null));
        return journal.artifact(artifact.reference());
    }

    // ---- what would differ from time to time ----------------------------------------------------------------------

    @Override
    public Instant now() {
        long now = number("now", Math.max(journal.now(), clock + 1));
        clock = now;
        return Instant.ofEpochMilli(now);
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

    @Override
    public void log(String line) {
        var place = tape.next("log", "");
        if (place.recorded() != null) return;
        log.info("{}: {}", run(), line);
        journal.record(place.applied(null, journal.payload("A line of the log", new Json(Json.quote(line)))));
    }
}
