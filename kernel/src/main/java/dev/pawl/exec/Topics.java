package dev.pawl.exec;

import dev.pawl.core.Input;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction does to the topics of one locked run. It is gathered here and written by {@link Post}, for all runs
 * of the transaction at once. Each change of a message comes with its event.
 */
final class Topics {

    private final RunId run;
    private final long now;
    private final BiConsumer<String, Json> events;
    private final Map<Map.Entry<String, String>, Wanted> wanted = new LinkedHashMap<>();
    private final List<Tx.Disposal> disposals = new ArrayList<>();
    private final Set<String> released = new LinkedHashSet<>();
    private final Set<Input> seen = new LinkedHashSet<>();

    /** @param events is told each event: its kind, and its details */
    Topics(RunId run, long now, BiConsumer<String, Json> events) {
        this.run = run;
        this.now = now;
        this.events = events;
    }

    /** What came of publishing, once it is written. */
    static final class Fresh {
        private int count;

        /** How many messages are new. */
        int count() {
            return count;
        }
    }

    /** A message on its way. Two with the same id are one, with the newest payload. */
    private static final class Wanted {
        private final Fresh fresh;
        private final int seq;
        private final Set<Input> inputs = new LinkedHashSet<>();
        private final Set<String> causedBy = new LinkedHashSet<>();
        private Plan.Publication publication;
        private String actor;
        private int number;

        Wanted(Plan.Publication publication, String actor, int seq, Fresh fresh) {
            this.publication = publication;
            this.actor = actor;
            this.seq = seq;
            this.fresh = fresh;
        }
    }

    /**
     * @param causedBy they come from what the tasks of this name have reserved; null for nothing but their own inputs
     * @param mail how many messages the run was ever sent
     * @return how many that is now
     */
    int publish(List<Plan.Publication> messages, String actor, @Nullable String causedBy, int mail, Fresh fresh) {
        int sent = mail;
        for (var message : messages) {
            var key = Map.entry(message.topic(), message.id());
            var one = wanted.get(key);
            if (one == null) {
                one = new Wanted(message, actor, ++sent, fresh);
                wanted.put(key, one);
            }
            one.publication = message;
            one.actor = actor;
            one.inputs.addAll(message.inputs());
            if (causedBy != null) one.causedBy.add(causedBy);
        }
        return sent;
    }

    /** Inputs to be registered, whether something comes from them or not. */
    void register(Collection<Input> inputs) {
        seen.addAll(inputs);
    }

    /** These are reserved now. */
    void reserved(String by, Collection<Integer> messages) {
        events.accept("message.reserved", by(by, messages));
    }

    /**
     * @param mail how many messages the run was ever sent
     * @return how many that is now: what is released counts as sent once more
     */
    int dispose(Plan.Dispose dispose, int mail) {
        if (dispose.messages().isEmpty()) return mail;
        int sent = dispose.to() == MessageStatus.PENDING ? mail + 1 : mail;
        for (int message : dispose.messages()) {
            disposals.add(new Tx.Disposal(run, message, dispose.by(), dispose.to(), sent));
        }
        released.addAll(dispose.tell());
        String kind = switch (dispose.to()) {
            case CONSUMED -> "message.consumed";
            case SKIPPED -> "message.skipped";
            case PENDING -> "message.released";
            case RESERVED -> throw new IllegalArgumentException("What is reserved is reserved already.");
        };
        events.accept(kind, by(dispose.by(), dispose.messages()));
        return sent;
    }

    private static Json by(String name, Collection<Integer> messages) {
        return new Json("{\"by\":" + Json.quote(name) + "," + list(messages) + "}");
    }

    private static String list(Collection<Integer> messages) {
        return "\"messages\":[" + messages.stream().map(String::valueOf).collect(Collectors.joining(",")) + "]";
    }

    // ---- for Post -------------------------------------------------------------------------------------------------

    List<Message> messages() {
        return wanted.values().stream()
                .map(one -> new Message(
                        run,
                        one.seq,
                        one.publication.topic(),
                        one.publication.id(),
                        one.publication.payload(),
                        one.actor,
                        now,
                        MessageStatus.PENDING))
                .toList();
    }

    /** Is told the numbers of {@link #messages}, in their order; 0 where nothing changed. */
    void published(List<Integer> numbers) {
        var byTopic = new LinkedHashMap<String, List<Integer>>();
        int i = 0;
        for (var one : wanted.values()) {
            one.number = numbers.get(i++);
            if (one.number == 0) continue;
            if (one.number == one.seq) one.fresh.count++;
            byTopic.computeIfAbsent(one.publication.topic(), topic -> new ArrayList<>())
                    .add(one.number);
        }
        byTopic.forEach((topic, some) -> events.accept(
                "message.published", new Json("{\"topic\":" + Json.quote(topic) + "," + list(some) + "}")));
    }

    /** The topics in which something is new. */
    List<Tx.Heard> heard() {
        var published = wanted.values().stream().filter(one -> one.number > 0).map(one -> one.publication.topic());
        return Stream.concat(published, released.stream())
                .distinct()
                .map(topic -> new Tx.Heard(run, topic))
                .toList();
    }

    /** Of what is consumed nothing more will come: its inputs need not be known. */
    List<Input> inputs() {
        var caused = wanted.values().stream().filter(one -> one.number > 0).flatMap(one -> one.inputs.stream());
        return Stream.concat(seen.stream(), caused).distinct().toList();
    }

    /** @param numbers of the {@link #inputs} */
    List<Tx.Cause> causes(Map<Input, Integer> numbers) {
        return wanted.values().stream()
                .filter(one -> one.number > 0)
                .flatMap(one ->
                        one.inputs.stream().map(input -> new Tx.Cause(run, numbers.getOrDefault(input, 0), one.number)))
                .toList();
    }

    List<Tx.Inheritance> inheritances() {
        return wanted.values().stream()
                .filter(one -> one.number > 0)
                .flatMap(one -> one.causedBy.stream().map(by -> new Tx.Inheritance(run, by, one.number)))
                .toList();
    }

    List<Tx.Disposal> disposals() {
        return disposals;
    }
}
