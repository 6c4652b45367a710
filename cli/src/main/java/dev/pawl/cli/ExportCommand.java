package dev.pawl.cli;

import dev.pawl.engine.TimeTravel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl export}. */
@Command(
        name = "export",
        description = {
            "Writes everything that is recorded of a run as one JSON document that stands alone.",
            "pawl replay, verify, diff and check take such a file where the database is not."
        })
final class ExportCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write it; standard output if nothing is said.")
    private @Nullable Path file;

    ExportCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var history = pawl.history(run.in(shared, pawl));
            String document = TimeTravel.export(history);
            if (file == null) {
                shared.screen().out().print(document);
                shared.screen().out().flush();
                return Exit.DONE;
            }
            write(file, document);
            String id = history.details().id().toString();
            if (shared.json()) {
                shared.screen()
                        .print(JsonText.object()
                                .put("run", id)
                                .put("file", file.toString())
                                .toString());
            } else {
                shared.screen().print("Run " + id + " is in " + file + ".");
            }
        }
        return Exit.DONE;
    }

    private static void write(Path file, String document) {
        try {
            Files.writeString(file, document);
        } catch (IOException unwritable) {
            throw Complaint.usage("The file " + file + " cannot be written: " + unwritable + ".", unwritable);
        }
    }
}
