package dev.pawl.flow;

/**
 * How many elements of a map may fail for good without failing the map. The idea of {@code ToleratedFailureCount} and
 * {@code ToleratedFailurePercentage} is from the Distributed Map of AWS Step Functions.
 *
 * @param limit a number of elements, or a percentage
 */
public record Tolerance(Unit unit, int limit) {

    /** What the limit counts. */
    public enum Unit {
        COUNT,
        PERCENT
    }

    public Tolerance {
        if (limit < 0 || (unit == Unit.PERCENT && limit > 100)) {
            throw new DefinitionException("A tolerance of " + limit + (unit == Unit.PERCENT ? " percent" : "")
                    + " makes no sense: counts start at 0, percentages go from 0 to 100.");
        }
    }

    /** At most so many elements. */
    public static Tolerance count(int elements) {
        return new Tolerance(Unit.COUNT, elements);
    }

    /** At most this share of the map's elements, in percent. */
    public static Tolerance percent(int percent) {
        return new Tolerance(Unit.PERCENT, percent);
    }

    boolean allows(int failed, int size) {
        return switch (unit) {
            case COUNT -> failed <= limit;
            case PERCENT -> 100L * failed <= (long) limit * size;
        };
    }

    @Override
    public String toString() {
        return unit == Unit.COUNT ? String.valueOf(limit) : limit + "%";
    }
}
