package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;

/** A verb that people use on a run, and how the run stands afterwards. */
@FunctionalInterface
interface Verb {

    void on(Pawl pawl, RunId run);

    /** Uses the verb and shows the run. */
    static int tell(Shared shared, RunParameter parameter, Verb verb) {
        try (var pawl = shared.client()) {
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
