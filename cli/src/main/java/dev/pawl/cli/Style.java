package dev.pawl.cli;

import dev.pawl.core.RunStatus;
import java.util.Locale;

/** Colours for a terminal, or none. */
final class Style {

    private static final String RESET = "\u001b[0m";

    private final boolean on;

    Style(boolean on) {
        this.on = on;
    }

    boolean colours() {
        return on;
    }

    String bold(String text) {
        return with("1", text);
    }

    String faint(String text) {
        return with("2", text);
    }

    String good(String text) {
        return with("32", text);
    }

    String bad(String text) {
        return with("31", text);
    }

    String busy(String text) {
        return with("36", text);
    }

    String held(String text) {
        return with("33", text);
    }

    /** A run's status in its colour. */
    String status(RunStatus status) {
        return status(status.name());
    }

    /** The status of a run, a task or a step in its colour; padding around it stays. */
    String status(String text) {
        return switch (text.strip().toUpperCase(Locale.ROOT)) {
            case "SUCCEEDED" -> good(text);
            case "FAILED" -> bad(text);
            case "RUNNING", "CHECKING" -> busy(text);
            case "PAUSED", "BLOCKED" -> held(text);
            case "CANCELLED", "SKIPPED", "WAITING" -> faint(text);
            default -> text;
        };
    }

    private String with(String code, String text) {
        return on && !text.isEmpty() ? "\u001b[" + code + 'm' + text + RESET : text;
    }
}
