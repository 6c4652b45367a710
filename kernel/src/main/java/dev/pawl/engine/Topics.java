package dev.pawl.engine;

import dev.pawl.core.Plan;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.exec.Engine;
import dev.pawl.exec.Entry;
import dev.pawl.exec.Refused;
import dev.pawl.spi.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What is asked of runs that go on for ever: messages for their topics, and another version. */
final class Topics {

    /** So many messages go into one transaction. */
    private static final int AT_ONCE = 500;

    private final Engine engine;
    private final Catalog catalog;

    Topics(Engine engine, Catalog catalog) {
        this.engine = engine;
        this.catalog = catalog;
    }

    /** Answers how many are new. */
    int publish(RunId run, List<Plan.Publication> messages, String actor) {
        var written = new ArrayList<CompletableFuture<Integer>>();
        for (int from = 0; from < messages.size(); from += AT_ONCE) {
            var some = messages.subList(from, Math.min(messages.size(), from + AT_ONCE));
            var done = new CompletableFuture<Integer>();
            engine.commit(new Entry.Publication(run, List.copyOf(some), actor, done));
            written.add(done);
        }
        return written.stream().mapToInt(Pawl::join).sum();
    }

    /**
     * @param back whether a version may take over that was replaced before
     * @return whether this version is in charge now
     */
    boolean takeOver(RunDetails run, Program program, boolean back, String actor, String comment) {
        int wanted = catalog.definition(program);
        int inCharge = run.run().definition();
        if (wanted == inCharge) return true;
        if (!back && program.wasReplaced(run.run(), wanted)) return false;
        var done = new CompletableFuture<Integer>();
        engine.commit(new Entry.Migration(run.id(), program, wanted, inCharge, actor, comment, done));
        try {
            var unused = Pawl.join(done);
            return true;
        } catch (Refused refused) {
            if (refused.why() == Refused.Why.MIGRATED) return false;
            throw refused;
        }
    }
}
