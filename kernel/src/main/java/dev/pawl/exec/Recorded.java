package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.RunId;
import dev.pawl.spi.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has recorded and not yet written.
 *
 * @param effects for its journal
 * @param consumed what it took out of its mailbox
 * @param born the runs that it starts
 * @param unwanted the runs that it started and does not want any more
 * @param reserved the numbers of the messages that it reserves
 * @param notes for the history
 * @param undo the task that undoes what was done, if there is something to undo from now on
 */
public record Recorded(
        List<Tx.NewEffect> effects,
        List<Message> consumed,
        List<Entry.Submission> born,
        List<RunId> unwanted,
        List<Integer> reserved,
        List<Note> notes,
        @Nullable String undo) {

    /** A fact for the history. */
    public record Note(String kind, Json data) {}

    /** Nothing. */
    public static final Recorded NONE =
            new Recorded(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null);

    boolean isEmpty() {
        return effects.isEmpty() && light();
    }

    /** Whether only a journal is added to, so that the run itself need not be locked. */
    boolean light() {
        return consumed.isEmpty()
                && born.isEmpty()
                && unwanted.isEmpty()
                && reserved.isEmpty()
                && notes.isEmpty()
                && undo == null;
    }
}
