package dev.pawl.io;

/**
 * What a person said when asked.
 *
 * @param approved or else refused
 * @param by who it was
 * @param comment what they had to say, may be empty
 */
public record Approval(boolean approved, String by, String comment) {}
