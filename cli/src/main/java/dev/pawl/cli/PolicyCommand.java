package dev.pawl.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pawl policy}. */
@Command(name = "policy", description = "Tries a policy on runs that have been.")
final class PolicyCommand implements Callable<Integer> {

    private final Shared shared;

    @Spec
    private @Nullable CommandSpec spec;

    private PolicyCommand(Shared shared) {
        this.shared = shared;
    }

    static CommandLine line(Shared shared) {
        return new CommandLine(new PolicyCommand(shared)).addSubcommand(new PolicyTestCommand(shared));
    }

    @Override
    public Integer call() {
        if (spec != null) spec.commandLine().usage(shared.screen().err());
        return Exit.USAGE;
    }
}
