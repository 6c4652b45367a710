package dev.pawl.examples;

import dev.pawl.core.Failure;
import dev.pawl.core.Retry;
import dev.pawl.flow.FailureMode;
import dev.pawl.flow.Flow;
import java.time.Duration;

/**
 * What a failure does to the rest. Usually everything that is open is cancelled at once; here what does not depend on the
 * failed step still runs to its end, and only then the run fails.
 */
public final class WaitingForAll {

    /** The flow. Its input says whether the charge goes through. */
    public static final Flow<Boolean, String> FLOW = Flow.<Boolean, String>define(
                    "waiting-for-all", Boolean.class, (f, solvent) -> {
                        var charged = f.step("charge", String.class, solvent, WaitingForAll::charge)
                                .retry(Retry.never());
                        var packed = f.step("pack", String.class, solvent, yes -> "packed")
                                .startDelay(Duration.ofMillis(200));
                        return f.step(
                                "ship",
                                String.class,
                                charged,
                                packed,
                                (money, box) -> money + ", " + box + ", shipped");
                    })
            .failure(FailureMode.WAIT_ALL);

    private WaitingForAll() {}

    private static String charge(boolean solvent) {
        if (!solvent) throw new Failure.Logic("The card was declined.");
        return "charged";
    }
}
