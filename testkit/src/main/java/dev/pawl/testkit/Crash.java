package dev.pawl.testkit;

/** The process "died" here. An error, so that nothing that handles exceptions handles it. */
public final class Crash extends Error {

    public Crash(String where) {
        super(where, null, false, false);
    }
}
