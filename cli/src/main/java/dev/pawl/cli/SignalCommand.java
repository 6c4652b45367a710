package dev.pawl.cli;

import dev.pawl.core.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl signal}. */
@Command(
        name = "signal",
        description = "Sends a signal to a run: it goes on if it waits for it, and finds it there if it does not yet.")
final class SignalCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Parameters(index = "1", paramLabel = "NAME", description = "What the run waits for.")
    private String name = "";

    @Option(
            names = "--payload",
            paramLabel = "JSON|@FILE",
            description = "What the signal says; \"-\" reads standard input. Without it: null.")
    private @Nullable String payload;

    @Option(names = "--id", paramLabel = "ID", description = "A second signal with this id is dropped.")
    private @Nullable String id;

    SignalCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        Json said = payload == null ? Json.NULL : TypedJson.read("The payload", "--payload", payload);
        try (var pawl = shared.client()) {
            var to = run.in(shared, pawl);
            boolean isNew = pawl.signal(to, name, said, id, Shared.actor());
            var screen = shared.screen();
            if (shared.json()) {
                screen.print(JsonText.object()
                        .put("run", to.toString())
                        .put("signal", name)
                        .put("new", isNew)
                        .toString());
            } else {
                screen.print(isNew ? "Sent to " + to + "." : "Nothing sent: a signal with this id was there before.");
            }
        }
        return Exit.DONE;
    }
}
