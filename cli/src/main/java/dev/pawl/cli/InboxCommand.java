package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.engine.Inbox;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pawl inbox}. */
@Command(
        name = "inbox",
        description = {
            "Lists what needs you, over all runs, with the command that answers each: approvals, changes outside of which",
            "nobody knows whether they happened, and runs that are blocked until something is put right."
        })
final class InboxCommand implements Callable<Integer> {

    private final Shared shared;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Of so many runs at most, the oldest; 20 if not given.")
    private int limit = 20;

    @Option(names = "--after", paramLabel = "RUN", description = "Only runs that were created after this one.")
    private @Nullable String after;

    InboxCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (limit < 1) throw Complaint.usage("--limit must be at least 1, not " + limit + ".");
        try (var pawl = shared.client()) {
            RunId behind = after == null ? null : shared.find(pawl, after);
            Inbox inbox = pawl.inbox(limit, behind);
            var screen = shared.screen();
            if (shared.json()) {
                for (var need : inbox.needs())
                    screen.print(NeedDocument.of(need).toString());
                return Exit.DONE;
            }
            if (inbox.needs().isEmpty()) screen.say("Nothing needs you.");
            var page = new NeedPage(screen, pawl.now());
            for (var need : inbox.needs()) page.print(need);
            if (inbox.next() != null) screen.say("There is more: pawl inbox --after " + inbox.next());
        }
        return Exit.DONE;
    }
}
