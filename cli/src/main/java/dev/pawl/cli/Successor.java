package dev.pawl.cli;

import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.schedule.ScheduleProgram;

/** Makes a new run out of an earlier one. */
@FunctionalInterface
interface Successor {

    RunId of(Pawl pawl, RunDetails earlier);

    /** Makes it and prints its id. */
    static int tell(Shared shared, RunParameter parameter, String verb, Successor successor) {
        RunDetails old;
        try (var pawl = shared.client()) {
            old = pawl.run(parameter.in(shared, pawl));
        }
        try (var pawl = shared.open(Settings.CLIENT, shared.shelf().named(program(old)))) {
            var next = pawl.run(successor.of(pawl, old));
            var screen = shared.screen();
            if (shared.json()) screen.print(RunDocument.of(next).toString());
            else screen.print(next.id().toString());
            if (screen.live()) screen.say("It " + verb + " " + old.id() + ". Work on it with: pawl worker");
        }
        return Exit.DONE;
    }

    /** A schedule comes with the program that it starts. */
    private static String program(RunDetails run) {
        return run.program().equals(ScheduleProgram.NAME) ? run.version() : run.program();
    }
}
