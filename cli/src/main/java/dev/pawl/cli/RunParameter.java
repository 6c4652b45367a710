package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import picocli.CommandLine.Parameters;

/** The run that a command is about. */
final class RunParameter {

    @Parameters(
            paramLabel = "RUN",
            description = "The run: its id, the beginning of its id, or \"last\" for the newest.")
    private String typed = "";

    String typed() {
        return typed;
    }

    RunId in(Shared shared, Pawl pawl) {
        return shared.find(pawl, typed);
    }
}
