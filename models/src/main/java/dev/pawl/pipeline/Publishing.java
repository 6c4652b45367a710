package dev.pawl.pipeline;

import dev.pawl.core.Failure;
import dev.pawl.core.Input;
import dev.pawl.core.Plan;
import dev.pawl.json.Codec;
import dev.pawl.spi.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers what a handler publishes until its activation is committed. */
final class Publishing {

    private final Pipeline pipeline;
    private final Handler handler;
    private final Journal journal;
    private final List<Plan.Publication> messages = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private boolean closed;

    Publishing(Pipeline pipeline, Handler handler, Journal journal) {
        this.pipeline = pipeline;
        this.handler = handler;
        this.journal = journal;
    }

    Handler handler() {
        return handler;
    }

    List<Plan.Publication> messages() {
        return messages;
    }

    /** Nothing more may be published. */
    void close() {
        closed = true;
    }

    void requireOpen(String what) {
        if (closed) {
            throw PhaseOver.failure(
                    "%s wants to %s when that is over: only while it runs, what it publishes is committed."
                            .formatted(capital(handler.label()), what));
        }
    }

    /** @param input what the message comes from; null if from what was reserved */
    <T> void publish(Topic<T> topic, String id, T payload, @Nullable Input input) {
        requireOpen("publish");
        if (!java.util.Objects.equals(handler.publishes().get(topic.name()), topic)) {
            throw new Failure.Logic("%s may not publish to topic \"%s\". It may publish to %s."
                    .formatted(
                            capital(handler.label()), topic, handler.publishes().keySet()));
        }
        if (id.isBlank()) {
            throw new Failure.Logic(
                    "%s publishes to topic \"%s\" a message without an id. An id is what makes publishing twice the same as publishing once."
                            .formatted(capital(handler.label()), topic));
        }
        String what = "Message \"" + id + "\" of topic \"" + topic + '"';
        var kept = journal.payload(what, Codec.STANDARD.write(payload, topic.type(), what));
        messages.add(new Plan.Publication(topic.name(), id, kept, input == null ? List.of() : List.of(input)));
    }

    /** Those that no message comes from: they are registered all the same, and somebody may ask why. */
    List<Input> inputs() {
        var named =
                messages.stream().flatMap(message -> message.inputs().stream()).collect(Collectors.toSet());
        return inputs.stream().filter(input -> !named.contains(input)).toList();
    }

    void register(Input input) {
        requireOpen("register an input");
        String system = input.source();
        String type = input.type();
        var known = pipeline.blueprint().inputs();
        if (known.getOrDefault(system, Set.of()).contains(type)) {
            inputs.add(input);
            return;
        }
        throw new Failure.Logic("%s registers an input of type \"%s\" of \"%s\". Declared with inputs(…) are: %s."
                .formatted(capital(handler.label()), type, system, known));
    }

    private static String capital(String label) {
        return Character.toUpperCase(label.charAt(0)) + label.substring(1);
    }
}
