package dev.pawl.cli;

import dev.pawl.core.Definition;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.spi.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pawl list}. */
@Command(name = "list", description = "Lists runs, the newest first.")
final class ListCommand implements Callable<Integer> {

    private static final int PAGE = 500;

    private final Shared shared;

    @Option(names = "--status", paramLabel = "S", description = "Only runs that are so: ${COMPLETION-CANDIDATES}.")
    private @Nullable RunStatus status;

    @Option(names = "--program", paramLabel = "P", description = "Only runs of this program.")
    private @Nullable String program;

    @Option(names = "--label", paramLabel = "NAME=VALUE", description = "Only runs with this label.")
    private final Map<String, String> label = new LinkedHashMap<>();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many; 20 if not given.")
    private int limit = 20;

    ListCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (limit < 1) throw Complaint.usage("--limit must be at least 1, not " + limit + ".");
        if (label.size() > 1)
            throw Complaint.usage("--label can be given once, and was given for " + label.keySet() + ".");
        var wanted = label.entrySet().stream().findFirst().orElse(null);
        try (var pawl = shared.client()) {
            String name = program == null ? null : fullName(pawl, program);
            long now = pawl.store().databaseTime();
            var table = new Table("RUN", "PROGRAM", "STATUS", "CREATED", "TOOK", "KEY", "")
                    .paint(2, shared.screen().style()::status)
                    .right(4);
            RunDetails last = null;
            for (int left = limit; left > 0; left -= PAGE) {
                var page = pawl.list(new Store.RunFilter(
                        status, name, wanted, last == null ? null : last.id(), Math.min(left, PAGE)));
                for (RunDetails run : page) show(run, now, table);
                if (page.size() < Math.min(left, PAGE)) break;
                last = page.getLast();
            }
            if (shared.json()) return Exit.DONE;
            if (table.isEmpty())
                shared.screen()
                        .say(status == null && name == null && wanted == null ? "No runs yet." : "No such runs.");
            else table.print(shared.screen());
        }
        return Exit.DONE;
    }

    private void show(RunDetails run, long now, Table table) {
        if (shared.json()) {
            shared.screen().print(RunDocument.of(run).toString());
            return;
        }
        Long began = run.run().startedAt();
        table.row(
                run.id().toString(),
                run.program(),
                run.status().name(),
                Text.time(run.createdAt()),
                began == null ? "" : Text.duration((run.endedAt() == null ? now : run.endedAt()) - began),
                run.key() != null ? run.key() : run.slot() != null ? run.slot() : "",
                remark(run));
    }

    private static String remark(RunDetails run) {
        if (run.problem() != null) return Trouble.problem(run.problem());
        if (run.status() == RunStatus.PAUSED && run.detail() != null) return "by " + run.detail();
        return run.retryOf() == null ? "" : "retries " + run.retryOf();
    }

    /** A name without its model is looked up among the programs that the database knows. */
    static String fullName(Pawl pawl, String name) {
        var known = pawl.store().definitions().stream()
                .map(Definition::program)
                .distinct()
                .sorted()
                .toList();
        var found = known.stream()
                .filter(full -> full.equals(name) || full.endsWith(":" + name))
                .toList();
        if (found.size() == 1) return found.getFirst();
        if (found.size() > 1) throw Complaint.usage("'" + name + "' could be " + String.join(" or ", found) + ".");
        throw Complaint.notFound("This database knows no program '" + name + "'. "
                + (known.isEmpty()
                        ? "It knows none yet."
                        : "It knows " + known.stream().collect(Collectors.joining(", ")) + "."));
    }
}
