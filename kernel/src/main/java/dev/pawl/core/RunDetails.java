package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * A run with everything that people ask about it.
 *
 * @param program the program's name, such as {@code flow:census}
 * @param key what {@code Submit.once} was given, or null
 * @param output the output when the run succeeded and its output is a value, else null
 * @param collected the output when the run succeeded and its output is that of a step's tasks, else null
 * @param problem a {@link Problem} as JSON when the run failed or is blocked, else null
 * @param detail who holds it and why, when it is paused; null otherwise
 * @param retryOf the run that this one retries, restarts or forks, or null
 * @param link which of these, or null
 * @param slot the slot that it holds while it is open, or null
 * @param labels what people and policies want to know about it, a JSON object of texts; or null
 */
public record RunDetails(
        Run run,
        String program,
        String version,
        @Nullable String key,
        Payload input,
        @Nullable Payload output,
        Plan.Output.@Nullable Collected collected,
        @Nullable Json problem,
        @Nullable String detail,
        long createdAt,
        @Nullable Long endedAt,
        @Nullable RunId retryOf,
        @Nullable Link link,
        @Nullable String slot,
        @Nullable Json labels) {

    public RunId id() {
        return run.id();
    }

    public RunStatus status() {
        return run.status();
    }
}
