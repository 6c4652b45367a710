package dev.pawl.spi;

import dev.pawl.core.InputDetails;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a model that offers people verbs of its own needs of the front door. Thread-safe. */
public interface Runs {

    /**
     * A program at hand, by its name; of several versions the newest.
     *
     * @throws RuntimeException if there is none, or its shape differs from the stored one; the message says so
     */
    Program program(String name);

    /**
     * Submits a run whose program says which {@linkplain Program#slot slot} it has; it is durable on return.
     *
     * @return its id, or nothing if an open run has the slot
     */
    Optional<RunId> submitInSlot(Program program, Json input, Priority priority, String actor);

    /** The open run that has this slot. */
    Optional<RunDetails> inSlot(String slot);

    /**
     * The open runs whose slots begin so, in the order of their slots.
     *
     * @param after only those behind this slot, for paging; null for the first
     */
    List<RunDetails> inSlots(String prefix, @Nullable String after, int limit);

    /** Puts a message into the mailbox of a run, durably; false if one with this id was there before. */
    boolean signal(RunId run, String name, Json payload, @Nullable String id, String actor);

    /**
     * Puts messages into topics of a run, durably, in transactions of a few hundred each. One whose id is known in its topic
     * replaces the payload of the one that is there, unless that is consumed.
     *
     * @return how many are new
     */
    int publish(RunId run, List<Plan.Publication> messages, String actor);

    /**
     * Lets another version take over a run that goes on for ever, if it has not changed hands since it was looked at.
     *
     * @param run as it was looked at
     * @param back whether a version may take over that was replaced before: when an old process starts again, it should
     *     not
     * @return whether this version is in charge now
     */
    boolean takeOver(RunDetails run, Program program, boolean back, String actor, String comment);

    /** Messages of a run, oldest first. */
    List<Message> messages(Store.MessageFilter filter);

    /** How many messages of each topic have which status. */
    Map<String, Map<MessageStatus, Integer>> messageCounts(RunId run);

    /** The inputs of a run in the order of their numbers, with how far what they caused has come. */
    List<InputDetails> inputs(RunId run, int afterNumber, int limit);

    /** What a message comes from. */
    List<InputDetails> inputsOf(RunId run, int message);

    /** The messages that an input caused, directly or through others, oldest first. */
    List<Message> messagesOf(RunId run, int input);

    /** The stored payload for a value; large ones go to the artifact store. */
    Payload keep(RunId run, String what, Json value);

    /** Messages that a run has not taken yet, oldest first; of all names if {@code name} is null. */
    List<Message> messages(RunId run, @Nullable String name, int limit);

    /** Holds a running run. */
    void pause(RunId run, String actor, String comment);

    /** Releases a paused or blocked run. */
    void resume(RunId run, String actor, String comment);

    /** Ends a run. */
    void cancel(RunId run, String actor, String comment);

    /** The value behind a stored payload. */
    Json load(Payload payload);

    /** The time on the database's clock, in epoch milliseconds. */
    long now();
}
