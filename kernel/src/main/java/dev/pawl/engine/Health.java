package dev.pawl.engine;

import dev.pawl.core.HealthFacts;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * How everything is doing: a level, the reasons for it, and what was found.
 *
 * @param level the worst of the reasons
 * @param reasons the worst first; none if all is well
 * @param skew how far the clock of this machine is ahead of the database's; negative if it is behind
 */
public record Health(Level level, List<Finding> reasons, HealthFacts facts, Duration skew) {

    /** Which runs count unless somebody says otherwise: those of a day, and those that are open. */
    public static final Duration WINDOW = Duration.ofHours(24);

    public Health {
        reasons = List.copyOf(reasons);
    }

    /** How well or ill, in this order. */
    public enum Level {
        /** Nothing to do. */
        HEALTHY,
        /** Somebody should look. */
        WARNING,
        /** Work is failing or standing still. */
        CRITICAL
    }

    /**
     * Something that is not well.
     *
     * @param sentence what, which, and what to do
     */
    public record Finding(Level level, String sentence) {}

    /** Judges what was found. */
    public static Health of(HealthFacts facts, Duration skew) {
        var reasons = new Findings(facts, skew)
                .all().stream()
                        .sorted(Comparator.comparing(Finding::level).reversed())
                        .toList();
        return new Health(reasons.isEmpty() ? Level.HEALTHY : reasons.getFirst().level(), reasons, facts, skew);
    }
}
