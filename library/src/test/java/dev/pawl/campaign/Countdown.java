package dev.pawl.campaign;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How long a campaign still goes on, and the pauses in it. */
final class Countdown {

    private final long end;

    Countdown(Duration time) {
        end = System.nanoTime() + time.toNanos();
    }

    /** What is left, in milliseconds; less than 0 when it is over. */
    long left() {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    /** Waits the whole pause, then says whether time is left. */
    boolean pause(long millis) throws InterruptedException {
        rest(millis);
        return left() > 0;
    }

    /** Waits until it is over. */
    void rest() throws InterruptedException {
        rest(Math.max(0, left()));
    }

    /** A pause of somebody who does not look at the time. */
    static void rest(long millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
