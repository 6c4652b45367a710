package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of states that steps left in this process, so that the next step of a run need not hash again what it finds.
 * A hash is given only for exactly the texts that it was made of: whoever else took a step meanwhile, and whatever it came
 * to, this is as if it was hashed again. Bounded by the characters of these texts; the oldest go first. Thread-safe.
 */
final class KnownHashes {

    static final KnownHashes SHARED = new KnownHashes(16 << 20);

    private final long limit;
    private long size;
    private final LinkedHashMap<RunId, Known> known = new LinkedHashMap<>();

    /** @param kept what makes up the state: a whole one, and the changes since */
    private record Known(List<Json> kept, String hash, long size) {}

    /** @param limit how many characters are remembered at most */
    KnownHashes(long limit) {
        this.limit = limit;
    }

    synchronized void put(RunId run, List<Json> kept, String hash) {
        long characters = hash.length();
        for (Json text : kept) characters += text.text().length();
        remove(run);
        if (characters > limit / 4) return;
        known.put(run, new Known(kept, hash, characters));
        size += characters;
        while (size > limit) remove(known.firstEntry().getKey());
    }

    private @Nullable Known remove(RunId run) {
        var removed = known.remove(run);
        if (removed != null) size -= removed.size;
        return removed;
    }

    /** The hash of the state, if it is known; it is not known any more afterwards. */
    @Nullable
    String take(RunId run, List<Json> kept) {
        Known found;
        synchronized (this) {
            found = remove(run);
        }
        return found != null && found.kept.equals(kept) ? found.hash : null; // mostly the very same texts
    }
}
