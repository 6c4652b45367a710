package dev.pawl.spi;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.core.Run;
import java.util.List;

/** What is known of an earlier run, for going on from it. Reading may touch the database. */
public interface History {

    /** The run as it ended, with its state. */
    Run run();

    /** What it was given. */
    Json input();

    /** The newest revisions of the journal of one of its tasks, in order; places such as its checkpoint first. */
    List<Effect> journal(String task, int index);
}
