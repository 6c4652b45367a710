package dev.pawl.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pawl} alone. */
@Command(
        name = "pawl",
        synopsisHeading = "",
        customSynopsis = "pawl COMMAND [--db URL] [--jar FILE]… [--json]",
        description = {"", "A durable workflow engine: what is done stays done.", ""},
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Exit codes: 0 done, 1 the run failed (or health is critical, or a record does not fit), 2 wrong usage, 3 not found, 4 refused.",
            "A RUN is the id of a run, the beginning of one, or \"last\". More on a command: pawl COMMAND --help",
            "",
            "First steps:",
            "  pawl demo",
            "  pawl run census --input '{\"folder\": \".\"}'"
        })
final class PawlCommand implements Callable<Integer> {

    @Mixin
    private final Shared shared;

    @Spec
    private @Nullable CommandSpec spec;

    PawlCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (spec != null) spec.commandLine().usage(shared.screen().err());
        return Exit.USAGE;
    }
}
