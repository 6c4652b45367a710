package dev.pawl.pipeline;

import java.time.Instant;

/**
 * One item of a topic.
 *
 * @param <M> what it carries
 * @param topic the name of its topic
 * @param id the only one of its topic
 * @param number its place in the order of arrival, over all topics of the pipeline
 * @param delivery which delivery this is: 1, and one more each time it was reserved and released again
 * @param publishedAt when it was published first, on the database's clock
 * @param pending whether nobody has taken it yet; only such a message can be taken
 */
public record Message<M>(
        String topic, String id, M payload, int number, int delivery, Instant publishedAt, boolean pending) {}
