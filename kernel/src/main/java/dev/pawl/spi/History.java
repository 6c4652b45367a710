package dev.pawl.spi;

import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.Run;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that is recorded of a run. Reading may touch the database. */
public interface History {

    /** The run as it stands. */
    RunDetails details();

    /** The same with its state, and without what only people want to know. */
    default Run run() {
        return details().run();
    }

    /** What it was given. */
    Json input();

    /**
     * What one of its tasks produced.
     *
     * @throws IllegalStateException if it has not succeeded
     */
    Json output(String task, int index);

    /** What it gave back; null unless it succeeded. */
    @Nullable
    Json result();

    /** The shape of its program's version when that was first seen. */
    Json shape();

    /** The run that it retries, restarts or forks; null if there is none, or it is not at hand any more. */
    @Nullable
    History earlier();

    /** Its tasks, in the order of name and index: at most so many, of this name, from this index on. */
    List<TaskDetails> tasks(String name, int fromIndex, int limit);

    /** The names of its tasks. */
    Collection<String> taskNames();

    /** Its events after a number, in order. */
    List<Event> events(int afterSeq, int limit);

    /** How runs that it started have ended: those of them that have. */
    Map<RunId, RunStatus> ended(Collection<RunId> runs);

    /** The newest revisions of the journal of one of its tasks, in order; places such as its checkpoint first. */
    List<Effect> journal(String task, int index);

    /** The same with every revision, and with what policies said: also of the task {@link TaskKey#SUBMIT}. */
    List<Effect> revisions(String task, int index);

    /** The messages that nobody has taken, oldest first. */
    List<Message> mailbox();

    /** The value of a payload. */
    Json load(Payload payload);

    /** What is kept in the artifact store. */
    byte[] artifact(String reference);

    /** Keeps a value for a run that goes on from this one. */
    Payload keep(String what, Json value);
}
