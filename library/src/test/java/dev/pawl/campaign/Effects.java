package dev.pawl.campaign;

import dev.pawl.campaign.LedgerEntry.What;
import dev.pawl.core.Failure;
import dev.pawl.job.JobContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** What bodies do in the world outside, which is the ledger. Thread-safe. */
final class Effects {

    /** How long the outside world takes at most, in milliseconds; the least is a fifteenth of it. */
    private static final int LONGEST = 150;

    /** A slow one outlasts the grace of a worker that is told to end. */
    private static final int SLOW = 2_000;

    private final LedgerClient ledger;
    private final String worker;

    /** @param worker who does them: its number and its process id */
    Effects(LedgerClient ledger, String worker) {
        this.ledger = ledger;
        this.worker = worker;
    }

    /** Those of a process that only submits: nothing may run there. */
    static Effects none() {
        return new Effects(new LedgerClient(0), LedgerEntry.NONE);
    }

    // ---- in flows -------------------------------------------------------------------------------------------------

    /** One effect in a queue without a limit; answers its mark, after the marks of what it read. */
    String apply(String read) throws Exception {
        return apply(read, LedgerEntry.NONE);
    }

    /** The same in a queue with a limit. */
    String apply(String read, String limit) throws Exception {
        var mark = here(limit).apply();
        return read.isEmpty() ? mark : read + "," + mark;
    }

    /** The same, but the first attempts give up in the middle. */
    String applyUnlessEarly(String read, int attempts) throws Exception {
        if (Fenced.task().attempt() > attempts) return apply(read);
        throw here(LedgerEntry.NONE).giveUp();
    }

    private Effect here(String limit) {
        var task = Fenced.task();
        var mark = new Mark(task.key().label(), task.attempt());
        return effect(task.key().run().toString(), mark, limit);
    }

    private Effect effect(String run, Mark mark, String limit) {
        return new Effect(run, mark, run + "/" + mark.effect(), limit, LONGEST);
    }

    // ---- in jobs --------------------------------------------------------------------------------------------------

    /** What this attempt of a job does, on whatever thread. To be called on the thread that runs the job. */
    Site at(JobContext job) {
        return new Site(job.run().toString(), Fenced.task().key().label(), job.attempt());
    }

    /** An attempt of a job. Its effects are called after the task and the step: {@code job[0]/charge}. */
    final class Site {
        private final String run;
        private final String task;
        private final int attempt;

        private Site(String run, String task, int attempt) {
            this.run = run;
            this.task = task;
            this.attempt = attempt;
        }

        private Mark mark(String step) {
            return new Mark(task + "/" + step, attempt);
        }

        /** One effect; answers its mark. */
        String apply(String step) throws Exception {
            return effect(run, mark(step), LedgerEntry.NONE).apply();
        }

        /** One that takes its time. */
        String applySlowly(String step) throws Exception {
            return new Effect(run, mark(step), run + "/" + mark(step).effect(), LedgerEntry.NONE, SLOW).apply();
        }

        /** The same under a key of the engine's. */
        String apply(String step, String key) throws Exception {
            return new Effect(run, mark(step), key, LedgerEntry.NONE, LONGEST).apply();
        }

        /** The same, but the first attempts give up in the middle. */
        String applyUnlessEarly(String step, int attempts) throws Exception {
            if (attempt > attempts) return apply(step);
            throw effect(run, mark(step), LedgerEntry.NONE).giveUp();
        }

        /** The mark of whoever applied something with this key, if anybody did. */
        Optional<String> applied(String key) throws IOException {
            return ledger.applied(key).map(entry -> new Mark(entry.effect(), entry.attempt()).toString());
        }

        /** Leaves a row in the user's table. */
        String insert(Connection connection, String step) throws SQLException {
            Rows.insert(connection, new History.Row(run, mark(step).effect()));
            return mark(step).toString();
        }
    }

    // ---- the world ------------------------------------------------------------------------------------------------

    /** One effect of one attempt. */
    private final class Effect {
        private final String run;
        private final Mark mark;
        private final String key;
        private final String limit;
        private final int longest;

        private Effect(String run, Mark mark, String key, String limit, int longest) {
            this.run = run;
            this.mark = mark;
            this.key = key;
            this.limit = limit;
            this.longest = longest;
        }

        String apply() throws Exception {
            doing(What.APPLY);
            return mark.toString();
        }

        Failure giveUp() throws Exception {
            doing(What.FAIL);
            return new Failure.Transient("Attempt " + mark.attempt() + " gives up, as it should.");
        }

        private void doing(What end) throws IOException, InterruptedException {
            try {
                tell(What.BEGIN);
                Countdown.rest(ThreadLocalRandom.current().nextLong(longest / 15, longest));
                tell(end);
            } catch (IOException | InterruptedException over) {
                boolean interrupted = Thread.interrupted(); // or it would be cut off from the ledger again
                tell(What.INTERRUPTED);
                if (interrupted) Thread.currentThread().interrupt();
                throw over;
            }
        }

        private void tell(What what) throws IOException {
            ledger.tell(LedgerEntry.of(what, run, mark.effect(), mark.attempt(), worker, key, limit));
        }
    }
}
