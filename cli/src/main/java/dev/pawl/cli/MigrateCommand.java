package dev.pawl.cli;

import dev.pawl.engine.Settings;
import dev.pawl.store.Migrations;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pawl migrate}. */
@Command(
        name = "migrate",
        description =
                "Brings the schema of the database up to date. Every command that opens it does so too; this does nothing else.")
final class MigrateCommand implements Callable<Integer> {

    private final Shared shared;

    @Option(
            names = "--print",
            description = "Only prints the SQL, for such a database, to be read beforehand. Connects to nothing.")
    private boolean print;

    MigrateCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var screen = shared.screen();
        if (print) {
            String sql = Migrations.print(shared.url()).strip();
            screen.print(shared.json() ? JsonText.object().put("sql", sql).toString() : sql);
            return Exit.DONE;
        }
        try (var pawl = shared.open(Settings.CLIENT, List.of())) {
            String database = pawl.store().describe();
            screen.print(
                    shared.json()
                            ? JsonText.object()
                                    .put("database", database)
                                    .put("migrated", true)
                                    .toString()
                            : "The schema of " + database + " is up to date.");
        }
        return Exit.DONE;
    }
}
