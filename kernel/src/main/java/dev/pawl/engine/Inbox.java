package dev.pawl.engine;

import dev.pawl.core.RunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What needs somebody, over all runs.
 *
 * @param needs those that wait longest first
 * @param next ask for what comes behind this run to see more; null if this is all
 */
public record Inbox(List<Need> needs, @Nullable RunId next) {
    public Inbox {
        needs = List.copyOf(needs);
    }
}
