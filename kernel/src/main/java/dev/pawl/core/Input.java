package dev.pawl.core;

/**
 * Something outside that messages come from, such as a mail: what people ask "what became of it?" about. Registered once per
 * run, however often it is seen.
 *
 * @param source the system that it was found in, such as {@code gmail}
 * @param type what it is there, such as {@code mail}
 * @param id what it is called there
 * @param title for people; the newest one counts that is not empty
 */
public record Input(String source, String type, String id, String title) {}
