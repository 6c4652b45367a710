package dev.pawl;

import java.util.concurrent.Semaphore;

/** Where the bodies of a test wait until the test lets one pass, or all. Passing reacts to interruption. */
final class Gate {

    private final Semaphore permits = new Semaphore(0);

    void pass() throws InterruptedException {
        permits.acquire();
        Thread.yield(); // others may overtake
    }

    void letPass(int bodies) {
        permits.release(bodies);
    }

    void open() {
        permits.release(1 << 20);
    }
}
