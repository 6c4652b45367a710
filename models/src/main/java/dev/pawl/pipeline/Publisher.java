package dev.pawl.pipeline;

import dev.pawl.spi.TypedProgram;
import java.util.Optional;

/**
 * Where {@code next} publishes. Nothing is published before the whole activation is committed, and all of it then. Valid only
 * until {@code next} returns.
 */
public interface Publisher {

    /**
     * Publishes a message. One with the same id in the same topic replaces the payload of the earlier one while that is not
     * consumed; so publishing twice is publishing once. It comes from whatever the reserved messages come from.
     *
     * @throws dev.pawl.core.Failure.Logic if the topic is not one that may be published to here
     */
    <T> void publish(Topic<T> topic, String id, T payload);

    /**
     * Starts a run of any model, in the same commit as all else. Nobody waits for it; it goes on also when the pipeline is
     * cancelled.
     *
     * @throws dev.pawl.core.Failure.Logic if the program does not take this input
     */
    <I> void start(TypedProgram<I, ?> program, I input);

    /** What was remembered last; empty if nothing ever was. */
    <S> Optional<S> remembered(Class<S> type);

    /** Remembers something for the next activations of this consumer, in the same commit as all else. */
    void remember(Object memory);
}
