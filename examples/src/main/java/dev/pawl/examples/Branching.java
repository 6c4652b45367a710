package dev.pawl.examples;

import dev.pawl.flow.Flow;

/**
 * Conditions: a step runs only if what it reads is so, and is skipped otherwise. What comes after reads it as optional.
 */
public final class Branching {

    /** A customer wants money back. */
    public record Refund(String customer, int euros) {}

    /** Up to this amount nobody is asked. */
    private static final int SMALL = 50;

    /** The flow. */
    public static final Flow<Refund, String> FLOW = Flow.define("branching", Refund.class, (f, refund) -> {
        var paid = f.step(
                "pay",
                String.class,
                refund.when(r -> r.euros() <= SMALL),
                r -> r.euros() + " euros go to " + r.customer());
        var asked =
                f.step("ask", String.class, refund.when(r -> r.euros() > SMALL), r -> r.customer() + " is called back");
        return f.step(
                "answer",
                String.class,
                paid.optional(),
                asked.optional(),
                (pay, ask) -> pay.or(() -> ask).orElseThrow());
    });

    private Branching() {}
}
