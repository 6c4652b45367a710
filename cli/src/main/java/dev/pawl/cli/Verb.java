package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.spi.Program;
import java.util.List;

/** A verb that people use on a run, and how the run stands afterwards. */
@FunctionalInterface
interface Verb {

    void on(Pawl pawl, RunId run);

    /** Uses the verb and shows the run. */
    static int tell(Shared shared, RunParameter parameter, Verb verb) {
        return tell(shared, List.of(), parameter, verb);
    }

    /** The same with some programs at hand. */
    static int tell(Shared shared, List<Program> programs, RunParameter parameter, Verb verb) {
        try (var pawl = shared.open(Settings.CLIENT, programs)) {
            RunId id = parameter.in(shared, pawl);
            verb.on(pawl, id);
            var run = pawl.run(id);
            var screen = shared.screen();
            if (shared.json()) screen.print(RunDocument.of(run).toString());
            else screen.print("Run " + id + " is " + screen.style().status(run.status()) + ".");
        }
        return Exit.DONE;
    }
}
