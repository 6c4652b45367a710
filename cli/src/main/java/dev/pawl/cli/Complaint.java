package dev.pawl.cli;

import org.jspecify.annotations.Nullable;

/** What a command has to say when it cannot do what was asked: what is wrong, and the way out. */
final class Complaint extends RuntimeException {

    private final int exitCode;

    private Complaint(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    static Complaint usage(String message) {
        return new Complaint(Exit.USAGE, message, null);
    }

    static Complaint usage(String message, Throwable cause) {
        return new Complaint(Exit.USAGE, message, cause);
    }

    static Complaint notFound(String message) {
        return new Complaint(Exit.NOT_FOUND, message, null);
    }

    static Complaint refused(String message) {
        return new Complaint(Exit.REFUSED, message, null);
    }

    static Complaint refused(String message, Throwable cause) {
        return new Complaint(Exit.REFUSED, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
