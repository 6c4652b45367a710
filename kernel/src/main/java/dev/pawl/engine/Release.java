package dev.pawl.engine;

import dev.pawl.core.Reason;
import dev.pawl.core.RunDetails;
import java.util.ArrayList;
import java.util.List;

/** What releases a run that is blocked for a reason: what to do first, and the command then. */
final class Release {

    private static final String PIPELINE = "pipeline:";

    private Release() {}

    static String of(Reason why) {
        return switch (why) {
            case APPROVAL -> "Decide whether it may go on.";
            case AUTH -> "Put its credentials right.";
            case PERMISSION -> "Allow it what it wants to do, or take that out of its code.";
            case INDETERMINATE -> "Find out whether it happened.";
            case POLICY -> "Change the policy, or what it forbids.";
            case DIVERGED -> "Give a worker the code that it was recorded with.";
            case STALLED -> "See why it gave no sign of life.";
            case REPAIR -> "Repair its code and let the new version take over, or let it try again as it is.";
            case FAILING -> "See why it fails again and again, and put that right.";
        };
    }

    static List<String> commands(RunDetails run, Reason why) {
        var commands = new ArrayList<String>();
        if (why == Reason.REPAIR && run.program().startsWith(PIPELINE)) {
            commands.add("pawl pipeline start " + run.program().substring(PIPELINE.length()));
        }
        commands.add("pawl resume " + run.id() + (why == Reason.STALLED ? " --forgive" : ""));
        return commands;
    }
}
