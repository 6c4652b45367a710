package dev.pawl.examples;

import dev.pawl.job.Job;
import java.time.Duration;

/**
 * A wait for a person: an expense that is paid when somebody approves it, and refused when nobody does for a week. While it
 * waits it is a row in the database and nothing else.
 *
 * <pre>
 * pawl signal RUN approval --payload '{"by": "Ann", "approved": true}'
 * </pre>
 */
public final class Approval {

    /** What somebody wants to be paid. */
    public record Expense(String who, String what, int cents) {}

    /** What the signal says. */
    public record Decision(String by, boolean approved) {}

    /** The job. */
    public static final Job<Expense, String> JOB =
            Job.define("approval", Expense.class, String.class, (job, expense) -> {
                if (expense.cents() < 5_000) return "Paid without a question.";
                job.log("Somebody has to approve " + expense.what() + " for " + expense.who() + ".");
                var decision = job.await("approval", Decision.class, Duration.ofDays(7));
                if (decision.isEmpty()) return "Refused: nobody looked at it for a week.";
                if (!decision.get().approved())
                    return "Refused by " + decision.get().by() + ".";
                String payment = job.call("pay", String.class, () -> "payment of " + expense.cents() + " cents");
                return "Approved by " + decision.get().by() + ": " + payment + ".";
            });

    private Approval() {}
}
