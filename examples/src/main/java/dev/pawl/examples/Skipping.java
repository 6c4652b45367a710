package dev.pawl.examples;

import dev.pawl.core.Failure;
import dev.pawl.core.Retry;
import dev.pawl.flow.Exhausted;
import dev.pawl.flow.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Doing without: when a step that is nice to have has failed for good, it is skipped, a replacement runs in its place,
 * and the run goes on.
 */
public final class Skipping {

    /**
     * What a page is about.
     *
     * @param stars what the reviews say; null if there are none yet
     */
    public record Product(String name, @Nullable Double stars) {}

    /** The flow. */
    public static final Flow<Product, String> FLOW = Flow.define("skipping", Product.class, (f, product) -> {
        var rating = f.step("rate", String.class, product, Skipping::rate)
                .retry(Retry.never())
                .onExhausted(Exhausted.SKIP);
        var apology = f.step("apologise", String.class, product, p -> "no reviews of " + p.name() + " yet")
                .ifSkipped(rating);
        return f.step(
                "page",
                String.class,
                product,
                rating.optional(),
                apology.optional(),
                (p, stars, sorry) -> p.name() + ": " + stars.or(() -> sorry).orElseThrow());
    });

    private Skipping() {}

    private static String rate(Product product) {
        if (product.stars() == null)
            throw new Failure.Logic("The reviews of " + product.name() + " are not to be had.");
        return product.stars() + " stars";
    }
}
