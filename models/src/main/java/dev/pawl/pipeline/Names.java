package dev.pawl.pipeline;

import java.util.regex.Pattern;

/** What pipelines, their handlers and topics may be called: what can stand unquoted in a path and a shell. */
final class Names {

    private static final int LONGEST = 100;
    private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]*");

    private Names() {}

    /** @param what the beginning of the message: {@code There is a topic} */
    static void require(String what, String name) {
        if (ALLOWED.matcher(name).matches() && name.length() <= LONGEST) return;
        throw new IllegalArgumentException(
                "%s named \"%s\"; a name is letters, digits, underscores, dots and dashes, at most %d of them, and begins with one of the first three."
                        .formatted(what, name, LONGEST));
    }
}
