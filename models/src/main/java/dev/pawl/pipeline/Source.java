package dev.pawl.pipeline;

/**
 * Where a producer publishes. Nothing is published before the producer returns, and all of it then, together with its cursor.
 * Valid only until it returns.
 */
public interface Source {

    /**
     * Publishes a message that is an input of its own: the first that anybody hears of it. One with the same id in the same
     * topic replaces the payload of the earlier one while that is not consumed.
     *
     * @throws dev.pawl.core.Failure.Logic if the topic is not one that may be published to here
     */
    <T> void publish(Topic<T> topic, String id, T payload);

    /** Publishes a message that comes from an input. */
    <T> void publish(Topic<T> topic, String id, T payload, Origin origin);

    /**
     * Registers something outside that messages come from, so that people can ask what became of it. The same input is
     * registered once, however often it is seen.
     *
     * @param system the system that it was found in, declared with {@link Pipeline.Parts#inputs}
     * @param type what it is there, declared likewise
     * @param id what it is called there
     * @param title for people
     * @throws dev.pawl.core.Failure.Logic if system and type were not declared; it lists those that were
     */
    Origin input(String system, String type, String id, String title);

    /** A registered input. */
    record Origin(String system, String type, String id, String title) {}
}
