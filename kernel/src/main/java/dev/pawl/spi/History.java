package dev.pawl.spi;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What is known of an earlier run, for going on from it. Reading may touch the database. */
public interface History {

    /** The run as it ended, with its state. */
    Run run();

    /** What it was given. */
    Json input();

    /** How runs that it started have ended: those of them that have. */
    Map<RunId, RunStatus> ended(Collection<RunId> runs);

    /** The newest revisions of the journal of one of its tasks, in order; places such as its checkpoint first. */
    List<Effect> journal(String task, int index);
}
