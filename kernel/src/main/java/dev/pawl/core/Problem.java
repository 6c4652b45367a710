package dev.pawl.core;

import java.util.regex.Pattern;

/**
 * A failure as it is recorded.
 *
 * @param type the simple name of the throwable's type
 * @param detail the first lines of the stack trace, may be empty
 */
public record Problem(FailureClass failureClass, String type, String message, String detail) {

    private static final Pattern STORED = Pattern.compile("\\{\"class\":\"(\\w+)\",\"type\":" + Json.QUOTED
            + ",\"message\":" + Json.QUOTED + "(?:,\"detail\":" + Json.QUOTED + ")?}");

    private static final int FRAMES = 8;
    private static final int MESSAGE_LIMIT = 4_000;

    /** What is kept of a throwable: its class, its message and the top of its trace, all bounded. */
    public static Problem of(FailureClass failureClass, Throwable thrown) {
        var detail = new StringBuilder();
        var frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            detail.append(i == 0 ? "" : "\n").append(frames[i]);
        }
        String message = thrown.getMessage() == null ? "" : thrown.getMessage();
        if (thrown.getCause() != null) {
            message += " (cause: " + thrown.getCause() + ")";
        }
        return new Problem(failureClass, thrown.getClass().getSimpleName(), cut(message), detail.toString());
    }

    private static String cut(String message) {
        return message.length() <= MESSAGE_LIMIT ? message : message.substring(0, MESSAGE_LIMIT) + "…";
    }

    /** A failure that the kernel or a model states itself, without a throwable. */
    public static Problem of(FailureClass failureClass, String type, String message) {
        return new Problem(failureClass, type, cut(message), "");
    }

    /** As a JSON object, the form it is stored in. */
    public Json toJson() {
        return new Json("{\"class\":\"" + failureClass + "\",\"type\":" + Json.quote(type) + ",\"message\":"
                + Json.quote(message) + (detail.isEmpty() ? "" : ",\"detail\":" + Json.quote(detail)) + "}");
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Problem parse(Json json) {
        var matcher = STORED.matcher(json.text());
        if (!matcher.matches()) throw new IllegalArgumentException("Not a stored problem: " + json);
        String detail = matcher.group(4);
        return new Problem(
                FailureClass.valueOf(matcher.group(1)),
                Json.unquote(matcher.group(2)),
                Json.unquote(matcher.group(3)),
                detail == null ? "" : Json.unquote(detail));
    }

    /** In a sentence for people: {@code IllegalStateException (UNCLASSIFIED): no such page}. */
    public String summary() {
        return type + " (" + failureClass + ")" + (message.isEmpty() ? "" : ": " + message);
    }
}
