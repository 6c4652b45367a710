package dev.pawl.engine;

/**
 * The clock of this machine, and the only place that reads it. Nothing durable is measured on it: it is read to tell
 * people when it is wrong.
 */
@FunctionalInterface
interface WallClock {

    /** That of the operating system. */
    WallClock SYSTEM = System::currentTimeMillis;

    /** Epoch milliseconds. */
    long now();
}
