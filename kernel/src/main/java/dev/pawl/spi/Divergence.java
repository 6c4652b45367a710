package dev.pawl.spi;

import dev.pawl.core.RunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where today's code went another way than a run's record.
 *
 * @param moment the number of the step or moment
 * @param task the task that it happened in: {@code draft[3]}
 * @param position the position in the journal of that task; null if it was not at a call to the outside
 * @param type what differs: the kind of the call ({@code call}, {@code now}), or {@code state}, {@code next}, {@code end}
 * @param recorded the hash of the recorded request or state; null if nothing was recorded, or nothing could be hashed
 * @param now the hash of what today's code asks for or comes to; null likewise
 * @param differences from the record to today's code, a sentence each
 * @param message all of it, for people
 */
public record Divergence(
        RunId run,
        int moment,
        String task,
        @Nullable Integer position,
        String type,
        @Nullable String recorded,
        @Nullable String now,
        List<String> differences,
        String message) {

    public Divergence {
        differences = List.copyOf(differences);
    }
}
