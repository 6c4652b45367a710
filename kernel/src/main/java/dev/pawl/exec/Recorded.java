package dev.pawl.exec;

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
 * @param undo the task that undoes what was done, if there is something to undo from now on
 */
public record Recorded(
        List<Tx.NewEffect> effects,
        List<Message> consumed,
        List<Entry.Submission> born,
        List<RunId> unwanted,
        @Nullable String undo) {

    /** Nothing. */
    public static final Recorded NONE = new Recorded(List.of(), List.of(), List.of(), List.of(), null);

    boolean isEmpty() {
        return effects.isEmpty() && light();
    }

    /** Whether only a journal is added to, so that the run itself need not be locked. */
    boolean light() {
        return consumed.isEmpty() && born.isEmpty() && unwanted.isEmpty() && undo == null;
    }
}
