package dev.pawl.flow;

/** Why a step was skipped. */
enum SkipReason {
    CONDITION_UNMET("condition_unmet"),
    DEPENDENCY_SKIPPED("dependency_skipped"),
    HANDLER_FAILED("handler_failed");

    /** As it stands in events and in the state. */
    final String word;

    SkipReason(String word) {
        this.word = word;
    }

    static SkipReason of(String word) {
        for (var reason : values()) if (reason.word.equals(word)) return reason;
        throw new IllegalStateException("A run's state knows no reason \"" + word + "\" for skipping a step.");
    }
}
