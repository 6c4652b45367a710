package dev.pawl.spi;

import dev.pawl.core.Json;
import java.util.List;

/**
 * Decides whether something may happen. Asked at four points: when a run is submitted, before a task, before an effect
 * and after a task. Whatever goes wrong, the answer is no: who asks takes every exception for a denial. Thread-safe.
 */
public interface Policy {

    /** What identifies its content, kept with every decision: a SHA-256 in hex. */
    String hash();

    /**
     * Decides, within a time of its own.
     *
     * @param document what is to happen: {@code point} ({@code submit}, {@code before}, {@code effect}, {@code after}),
     *     {@code program}, {@code run}, {@code task}, {@code effect} with its request, {@code actor}, {@code labels}
     * @throws Exception if it has no answer, for whatever reason: a denial
     */
    Decision decide(Json document) throws Exception;

    /**
     * What was decided.
     *
     * @param reasons why, for people; may be empty
     */
    record Decision(Answer answer, List<String> reasons) {}

    /** May it happen? */
    enum Answer {
        /** Yes. */
        ALLOW,
        /** No. */
        DENY,
        /** If somebody approves it. */
        APPROVAL
    }
}
