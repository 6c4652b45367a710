package dev.pawl.policy;

import org.jspecify.annotations.Nullable;

/** A policy that cannot be loaded. The message says which, why, and the way out. */
public final class PolicyRefused extends RuntimeException {

    PolicyRefused(String message) {
        this(message, null);
    }

    PolicyRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
