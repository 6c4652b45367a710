package dev.pawl.engine;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.spi.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The labels of runs, which never change and are handed on to the runs that they start; the last few are remembered. */
final class Labels implements Function<RunId, @Nullable Json> {

    private static final int KEPT = 1_000;

    private final Store store;
    private final Map<RunId, Optional<Json>> known = new LinkedHashMap<>(64, 0.75f, true);

    Labels(Store store) {
        this.store = store;
    }

    @Override
    public @Nullable Json apply(RunId run) {
        synchronized (known) {
            var found = known.get(run);
            if (found != null) return found.orElse(null);
        }
        var read = store.run(run).map(details -> details.labels());
        synchronized (known) {
            known.put(run, read);
            if (known.size() > KEPT) known.remove(known.keySet().iterator().next());
        }
        return read.orElse(null);
    }
}
