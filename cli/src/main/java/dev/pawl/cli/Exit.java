package dev.pawl.cli;

/** How a command ends, for scripts. */
final class Exit {

    static final int DONE = 0;
    static final int RUN_FAILED = 1;

    /** What {@code pawl health} found. */
    static final int CRITICAL = 1;

    /** A record and the code, or a record and itself, do not fit. */
    static final int DIVERGED = 1;

    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int REFUSED = 4;

    private Exit() {}

    /** The word for it in JSON errors. */
    static String word(int code) {
        return switch (code) {
            case RUN_FAILED -> "run_failed";
            case USAGE -> "usage";
            case NOT_FOUND -> "not_found";
            default -> "refused";
        };
    }
}
