package dev.pawl.campaign;

import java.util.List;

/**
 * What the load generator wanted, and what it was told.
 *
 * @param key what {@code Submit.once} was given
 * @param acknowledged the runs whose ids came back, one for each time that it was submitted with success
 */
record Submission(String key, String program, String input, List<String> acknowledged) {}
