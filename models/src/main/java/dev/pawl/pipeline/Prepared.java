package dev.pawl.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer is going to do, decided before anything is changed: the data of the change, and the messages that it is
 * about. They are reserved in the same transaction in which the data is recorded.
 *
 * @param <P> the data
 * @param data what the change needs; null if there is nothing to do
 * @param messages those to reserve
 * @param mutates whether anything outside is to be changed
 * @param title for people who have to decide about the change
 * @param wakeAt when to prepare again although no message has come; null for only then
 */
public record Prepared<P>(
        @Nullable P data,
        List<Message<?>> messages,
        boolean mutates,
        String title,
        @Nullable Instant wakeAt) {

    public Prepared {
        messages = List.copyOf(messages);
    }

    /** Change something for these messages. */
    public static <P> Prepared<P> of(P data, Message<?> first, Message<?>... more) {
        var messages = new ArrayList<Message<?>>();
        messages.add(first);
        messages.addAll(List.of(more));
        return of(data, messages);
    }

    /** Change something for these messages, of which there must be one at least. */
    public static <P> Prepared<P> of(P data, Collection<? extends Message<?>> messages) {
        return new Prepared<>(data, List.copyOf(messages), true, "", null);
    }

    /** Nothing to do: {@code next} is told so, and the consumer waits for the next message. */
    public static <P> Prepared<P> nothing() {
        return new Prepared<>(null, List.of(), false, "", null);
    }

    /** Goes on to {@code next} without changing anything outside: the messages are consumed all the same. */
    public Prepared<P> unchanged() {
        return new Prepared<>(data, messages, false, title, wakeAt);
    }

    /** With a title for people. */
    public Prepared<P> titled(String words) {
        return new Prepared<>(data, messages, mutates, words, wakeAt);
    }

    /**
     * Prepare again at this time, even if no message has come. It counts for the next time only, and is moved into the
     * limits of the pipeline (30 s to 24 h from now if it says nothing else); the history tells of it.
     */
    public Prepared<P> wakeAt(Instant time) {
        return new Prepared<>(data, messages, mutates, title, time);
    }
}
