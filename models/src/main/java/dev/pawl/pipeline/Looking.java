package dev.pawl.pipeline;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Journal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a consumer sees while it prepares. */
final class Looking<M> implements Inbox<M> {

    private static final Codec CODEC = Codec.STANDARD;

    private final Handler.Consumer<?, ?, ?> consumer;
    private final Topic<M> topic;
    private final Journal journal;
    private final @Nullable Json memory;
    private final Open open;

    /** Whether the phase is still on, and what was seen in it. */
    static final class Open {
        private final Set<Integer> pending = new HashSet<>();
        private boolean closed;

        void close() {
            closed = true;
        }

        /** Whether this message was seen while it was pending; only such a one can be reserved. */
        boolean sawPending(Message<?> message) {
            return pending.contains(message.number());
        }
    }

    Looking(Handler.Consumer<?, ?, ?> consumer, Topic<M> topic, Journal journal, @Nullable Json memory, Open open) {
        this.consumer = consumer;
        this.topic = topic;
        this.journal = journal;
        this.memory = memory;
        this.open = open;
    }

    private void requireOpen() {
        if (!open.closed) return;
        throw PhaseOver.failure(
                "The %s looks into its inbox when prepare is over. What it needs later belongs into what it prepares."
                        .formatted(consumer.label()));
    }

    @Override
    public Optional<Message<M>> first() {
        return peek(1).stream().findFirst();
    }

    @Override
    public List<Message<M>> peek() {
        return peek(PEEKED);
    }

    @Override
    public List<Message<M>> peek(int limit) {
        requireOpen();
        return typed(journal.messages(topic.name(), limit));
    }

    @Override
    public List<Message<M>> byIds(Collection<String> ids) {
        requireOpen();
        return typed(journal.messages(topic.name(), ids));
    }

    private List<Message<M>> typed(List<dev.pawl.core.Message> found) {
        return found.stream().map(this::typed).toList();
    }

    private Message<M> typed(dev.pawl.core.Message found) {
        if (found.status() == MessageStatus.PENDING) open.pending.add(found.seq());
        String id = String.valueOf(found.id());
        M payload = CODEC.read(
                journal.load(found.payload()), topic.type(), "Message \"" + id + "\" of topic \"" + topic + '"');
        return new Message<>(
                topic.name(),
                id,
                payload,
                found.seq(),
                found.delivery(),
                Instant.ofEpochMilli(found.at()),
                found.status() == MessageStatus.PENDING);
    }

    @Override
    public <T> Inbox<T> of(Topic<T> other) {
        requireOpen();
        if (!consumer.reads().containsKey(other.name())) {
            throw new Failure.Logic("The %s does not read topic \"%s\"; it reads %s. Add it with also(…)."
                    .formatted(consumer.label(), other, consumer.reads().keySet()));
        }
        return new Looking<>(consumer, other, journal, memory, open);
    }

    @Override
    public <S> Optional<S> remembered(Class<S> type) {
        requireOpen();
        return remembered(memory, type, consumer);
    }

    static <S> Optional<S> remembered(@Nullable Json memory, Class<S> type, Handler handler) {
        if (memory == null || memory.equals(Json.NULL)) return Optional.empty();
        return Optional.ofNullable(CODEC.read(memory, TypeRef.of(type), "What the " + handler.label() + " remembers"));
    }
}
