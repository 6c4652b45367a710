package dev.pawl.spi;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the attempts of one task have recorded so far, and where this one records. Replaying and recording is the
 * business of the models; the journal only keeps it, durably and behind the fence of the attempt. Thread-safe.
 *
 * <p>Recording does not wait. What was recorded is durable when {@link #settle} returns, or together with the end of the
 * attempt, in one transaction with what follows from it. So a model settles before it lets anything begin that depends on
 * what was recorded, and the last effect of a task costs no transaction of its own.
 */
public interface Journal {

    /**
     * Asks whether something may touch the outside, before it does.
     *
     * @throws dev.pawl.core.Failure.Policy if not
     * @throws dev.pawl.core.Failure.ApprovalWanted if somebody has to approve it first
     */
    void gate(int ordinal, String kind, String name, @Nullable Json request);

    /** The newest revision at a position, as it was when this attempt began; null if nothing was recorded there. */
    @Nullable
    Effect at(int ordinal);

    /** The first recorded effect at this position or after it; null if there is none. */
    @Nullable
    Effect from(int ordinal);

    /** Records an effect, or another revision of one. */
    void record(Recording what);

    /** The same, and takes a message out of the mailbox with it. */
    void record(Recording what, Message consumed);

    /** The same, and starts a run with it: either both are written or neither. */
    RunId start(Recording what, Start child);

    /**
     * Starts runs, for models that keep the ids in their state: with the end of the attempt, or the next {@link #settle}.
     * All or none: what can go wrong does before any of them is recorded.
     *
     * @return their ids, in this order
     * @throws dev.pawl.core.Failure.Logic if a program cannot take its input
     */
    List<RunId> start(List<Start> children);

    /** Takes a message out of the mailbox, with the end of the attempt or the next {@link #settle}. */
    void consume(Message message);

    /**
     * The same, and says that there is something to undo from now on: when the run is cancelled, or its rules find a task
     * failed, this task comes before the end.
     */
    void record(Recording what, String undo);

    /**
     * The same, and reserves messages for the tasks of this name: the record counts only if all of them are still pending.
     * Otherwise the attempt is superseded, and the next one sees what is pending then.
     *
     * @param messages their numbers
     */
    void reserve(Recording what, Collection<Integer> messages);

    /** A fact for the history of the run, with the end of the attempt or the next {@link #settle}. */
    void note(String kind, Json data);

    /** Keeps the newest content of a place such as {@link Effect#CHECKPOINT}. */
    void keep(Recording what);

    /**
     * Returns when all that was recorded is durable and the attempt still counts.
     *
     * @throws Superseded if the attempt has lost its lease, or its run was held: nothing new may begin
     */
    void settle() throws InterruptedException;

    /**
     * Returns when all that was recorded is durable, also if the run was held meanwhile: for what has happened, and for
     * nothing that is to begin.
     *
     * @throws Superseded if the attempt has lost its lease
     */
    void save() throws InterruptedException;

    /** Messages of a topic with one of these ids, whatever their status, oldest first. */
    List<Message> messages(String topic, Collection<String> ids);

    /**
     * Runs the work and records what it gives back in one transaction of the database.
     *
     * @param work gets a connection to the database of this Pawl, in a transaction; what it returns is recorded
     * @throws Superseded if the attempt has lost its lease; nothing was written
     */
    <E extends Exception> void transact(Work<E> work) throws E, InterruptedException;

    /** Messages that nobody has taken yet, oldest first; of all names if {@code name} is null. */
    List<Message> messages(@Nullable String name, int limit);

    /** How runs have ended: those of them that have. */
    Map<RunId, Ended> ended(Collection<RunId> runs);

    /** Of these runs, those that have not ended. One that was pruned has. */
    Set<RunId> open(Collection<RunId> runs);

    /** Cancels a run that this one started, together with what is recorded. Nothing happens if it has ended. */
    void cancel(RunId child);

    /** The newest revisions of what another task of the same run recorded, in order. */
    List<Effect> journalOf(String task, int index);

    /** A sign of life. Costs nothing. */
    void alive();

    /**
     * A place where the attempt may stop: asks whether it should. Costs nothing; a sign of life as well.
     *
     * @throws Superseded if it has lost its lease or its run was held
     */
    void safePoint();

    /** What kind of failure a throwable is, also by what was registered for its type. */
    FailureClass classOf(Throwable thrown);

    /** A payload for a value; large ones go to the artifact store and are durable on return. */
    Payload payload(String what, Json value);

    /** Keeps bytes in the artifact store, durable on return; answers where. */
    String artifact(byte[] content);

    /** What was kept there. */
    byte[] artifact(String reference);

    /** The value of a payload. */
    Json load(Payload payload);

    /** The time on the database's clock, in epoch milliseconds. */
    long now();

    /** Something to do in a transaction of the database. */
    @FunctionalInterface
    interface Work<E extends Exception> {
        /** Does it, and says what is recorded with it. */
        Recording run(Connection connection) throws E;
    }

    /**
     * What is recorded; see {@link Effect}. The journal adds the attempt and the time.
     *
     * @param revision one more than the newest at this position
     */
    record Recording(
            int ordinal,
            int revision,
            String kind,
            EffectStatus status,
            String name,
            @Nullable Json request,
            @Nullable Payload value,
            @Nullable Json problem) {

        /** The same with another value. */
        public Recording valued(Payload other) {
            return new Recording(ordinal, revision, kind, status, name, request, other, problem);
        }

        /** As it stands in the journal. */
        public Effect effect(int attempt, long at) {
            return new Effect(ordinal, revision, attempt, at, kind, status, name, request, value, problem);
        }

        /** The first revision of an effect that is over at once. */
        public static Recording applied(
                int ordinal, String kind, String name, @Nullable Json request, @Nullable Payload value) {
            return new Recording(ordinal, 0, kind, EffectStatus.APPLIED, name, request, value, null);
        }
    }

    /**
     * A run to start.
     *
     * @param queue another queue than the program's, or null
     * @param detached whether it stays when the run that starts it is cancelled or fails
     * @param delay how long it waits before it begins
     * @param label what it is started for, for the history of both; or null
     */
    record Start(
            Program program,
            Json input,
            @Nullable String queue,
            boolean detached,
            Duration delay,
            @Nullable String label) {}

    /**
     * How a run ended.
     *
     * @param output what it gave back if it succeeded; null otherwise
     * @param problem why it failed, as JSON; null otherwise
     */
    record Ended(
            RunStatus status,
            @Nullable Json output,
            @Nullable Json problem) {}

    /** The attempt does not count any more, so user code should stop. An error, because nobody should catch it. */
    final class Superseded extends Error {
        public Superseded(String message) {
            super(message, null, false, false);
        }
    }
}
