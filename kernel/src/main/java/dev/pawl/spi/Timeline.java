package dev.pawl.spi;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of a run as a row of moments, told from its record alone, without its code. States are made when they are
 * asked for, so that a long history costs little. Not thread-safe.
 */
public interface Timeline {

    /** The number of the first moment: 0, or the step that the run goes on from. */
    int first();

    /** The number of the last moment. */
    int last();

    /**
     * A moment.
     *
     * @throws dev.pawl.core.Failure.Logic if there is none of this number; the message says which there are
     */
    Moment at(int number);

    /**
     * The state after a moment; of a model without states, what was recorded up to it.
     *
     * @throws dev.pawl.core.Failure.Logic if there is no such moment
     */
    Json state(int number);

    /** What the outside was asked for on the way to a moment, in order; the newest revision of each. */
    List<Effect> effects(int number);

    /** What is known of what came after the last moment, in a sentence: what failed, or has not ended. Null if nothing. */
    @Nullable
    String rest();
}
