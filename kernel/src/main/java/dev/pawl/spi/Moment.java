package dev.pawl.spi;

import org.jspecify.annotations.Nullable;

/**
 * A point in the history of a run at which its state is known, and what led to it.
 *
 * @param number 0 for the beginning; a run that goes on from step n of another one begins at n
 * @param what what happened, in words of the model: {@code classify}, {@code call "fetch"}
 * @param task the task that it happened in, {@code classify[1]}; null for the beginning
 * @param hash SHA-256 in full: of the state after it where the model has states, else of all that was recorded so far
 * @param next where the run went on, {@code otherwise -> answer}; null if the model has no such word
 */
public record Moment(
        int number,
        String what,
        @Nullable String task,
        String hash,
        @Nullable String next) {

    /** The beginning. */
    public static Moment beginning(int number, String what, String hash) {
        return new Moment(number, what, null, hash, null);
    }
}
