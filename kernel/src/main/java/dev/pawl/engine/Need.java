package dev.pawl.engine;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a person has to say or to put right before a run goes on. Immutable.
 *
 * <p>One list for all of it, with the command that answers each, is how keep.ai treats its users.
 */
public sealed interface Need {

    /** The run that waits. */
    RunDetails run();

    /** Since when, in epoch milliseconds. */
    long since();

    /** What it is about, in a few words. */
    String title();

    /** The commands that answer it, what one would usually say first. */
    List<String> commands();

    /**
     * A change outside of which nobody knows whether it happened.
     *
     * @param task whose change it is
     * @param name what the code calls it
     * @param title what it is for people; its name if the code does not say
     * @param request what was asked for; null if the code did not say
     * @param key its idempotency key, to look for on the other side; null if it has none
     * @param tries what was tried, in order: how it began, each time that somebody asked, and what came of it
     * @param asked how often the other side was asked
     * @param answer what it said last when it was asked; null if it was not, or that was not recorded
     * @param mayBeAsked whether the other side can be asked again
     * @param several whether the run has more than one, so that an answer has to say which one it means
     */
    record Change(
            RunDetails run,
            TaskKey task,
            String name,
            String title,
            @Nullable Json request,
            @Nullable String key,
            List<Try> tries,
            int asked,
            @Nullable Problem answer,
            long since,
            boolean mayBeAsked,
            boolean several)
            implements Need {

        public Change {
            tries = List.copyOf(tries);
        }

        /** What it is called where several are to be told apart: its key, or its task. */
        public String which() {
            return key == null ? task.label() : key;
        }

        /** What went wrong last; null if that is not known. */
        public @Nullable Problem problem() {
            return tries.isEmpty() ? null : tries.getLast().problem();
        }

        @Override
        public List<String> commands() {
            var commands = new ArrayList<String>();
            commands.add(command("happened") + " --value JSON");
            commands.add(command("did-not-happen"));
            commands.add(command("skip"));
            if (mayBeAsked) commands.add(command("again"));
            return commands;
        }

        private String command(String answer) {
            return "pawl resolve " + run.id() + ' ' + answer + (several ? " --which " + which() : "");
        }
    }

    /**
     * What is recorded of one try.
     *
     * @param at in epoch milliseconds
     * @param byPerson whether somebody said so
     */
    record Try(
            long at,
            EffectStatus status,
            boolean byPerson,
            @Nullable Problem problem) {}

    /**
     * A question that somebody has to say yes or no to.
     *
     * @param task that asks
     * @param title what it asks in a sentence
     * @param name what the code calls it
     * @param request what is to be approved; null if the code did not say
     * @param byPolicy whether a policy wants it, and not the code
     */
    record Approval(
            RunDetails run,
            TaskKey task,
            String title,
            String name,
            @Nullable Json request,
            long since,
            boolean byPolicy)
            implements Need {

        @Override
        public List<String> commands() {
            return List.of("pawl approve " + run.id(), "pawl reject " + run.id());
        }
    }

    /**
     * A run that is held until something is put right.
     *
     * @param why what is missing
     * @param problem what happened; null if that is not known
     * @param release what to do first, in a sentence
     */
    record Hold(
            RunDetails run, Reason why, @Nullable Problem problem, String release, long since, List<String> commands)
            implements Need {

        public Hold {
            commands = List.copyOf(commands);
        }

        @Override
        public String title() {
            return problem == null ? "It is blocked (" + why + ")." : problem.summary();
        }
    }
}
