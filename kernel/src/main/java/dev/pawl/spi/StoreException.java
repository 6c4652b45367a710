package dev.pawl.spi;

import org.jspecify.annotations.Nullable;

/** The database did not do what was asked. The subtypes say what is known about it. */
public sealed class StoreException extends RuntimeException {

    private StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Nothing was written, and trying again later may help: unreachable, locked, full, a deadlock. */
    public static final class Unavailable extends StoreException {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The reply to a commit was lost: whether it was written must be looked up before anything is repeated. */
    public static final class OutcomeUnknown extends StoreException {
        public OutcomeUnknown(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** This database cannot be used as it is, and trying again will not help: foreign, too old, read-only, too new. */
    public static final class Unusable extends StoreException {
        public Unusable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
