package dev.pawl.cli;

import dev.pawl.core.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The input of a run. */
final class InputOption {

    @Option(
            names = "--input",
            paramLabel = "JSON|@FILE",
            description = "The input as JSON, or the file that holds it; \"-\" reads standard input. Without it: null.")
    private @Nullable String typed;

    boolean given() {
        return typed != null;
    }

    /**
     * The input, on one line.
     *
     * @throws Complaint if it cannot be read or is not valid JSON; the message says where
     */
    Json read() {
        return typed == null ? Json.NULL : TypedJson.read("The input", "--input", typed);
    }
}
