package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
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
import org.jspecify.annotations.Nullable;

/** What one transaction does to the topics of one locked run. Each change of a message comes with its event. */
final class Topics {

    private final Tx tx;
    private final RunId run;
    private final long now;
    private final BiConsumer<String, Json> events;
    private final Set<String> news = new LinkedHashSet<>();

    /** @param events is told each event: its kind, and its details */
    Topics(Tx tx, RunId run, long now, BiConsumer<String, Json> events) {
        this.tx = tx;
        this.run = run;
        this.now = now;
        this.events = events;
    }

    /** What publishing came to: how many messages the run was ever sent, and how many of these are new. */
    record Published(int mail, int fresh) {}

    /**
     * @param causedBy they come from what the tasks of this name have reserved; null for nothing but their own inputs
     * @param mail how many messages the run was ever sent
     */
    Published publish(List<Plan.Publication> wanted, String actor, @Nullable String causedBy, int mail) {
        var each = newestOfEach(wanted);
        if (each.isEmpty()) return new Published(mail, 0);
        var messages = new ArrayList<Message>(each.size());
        for (var one : each) {
            messages.add(new Message(
                    run,
                    mail + messages.size() + 1,
                    one.topic(),
                    one.id(),
                    one.payload(),
                    actor,
                    now,
                    MessageStatus.PENDING));
        }
        int[] there = tx.publish(messages);
        tellCauses(each, there, causedBy);
        int fresh = 0;
        var byTopic = new LinkedHashMap<String, List<Integer>>();
        for (int i = 0; i < there.length; i++) {
            if (there[i] == 0) continue;
            if (there[i] == messages.get(i).seq()) fresh++;
            byTopic.computeIfAbsent(each.get(i).topic(), topic -> new ArrayList<>())
                    .add(there[i]);
        }
        byTopic.forEach((topic, numbers) -> events.accept(
                "message.published", new Json("{\"topic\":" + Json.quote(topic) + "," + list(numbers) + "}")));
        news.addAll(byTopic.keySet());
        return new Published(mail + messages.size(), fresh);
    }

    /** Two with the same id are one, with the newest payload. */
    private static List<Plan.Publication> newestOfEach(List<Plan.Publication> wanted) {
        var each = new LinkedHashMap<Map.Entry<String, String>, Plan.Publication>();
        wanted.forEach(one -> each.put(Map.entry(one.topic(), one.id()), one));
        return List.copyOf(each.values());
    }

    private void tellCauses(List<Plan.Publication> messages, int[] there, @Nullable String causedBy) {
        var known = new ArrayList<Integer>();
        var inputs = messages.stream()
                .flatMap(one -> one.inputs().stream())
                .distinct()
                .toList();
        var causes = new ArrayList<Integer>();
        var caused = new ArrayList<Integer>();
        int[] numbers = inputs.isEmpty() ? new int[0] : tx.register(run, inputs, now);
        for (int i = 0; i < there.length; i++) {
            if (there[i] == 0) continue;
            known.add(there[i]);
            for (var input : messages.get(i).inputs()) {
                causes.add(numbers[inputs.indexOf(input)]);
                caused.add(there[i]);
            }
        }
        if (!causes.isEmpty()) tx.caused(run, causes, caused);
        if (causedBy != null && !known.isEmpty()) tx.causedByReserved(run, causedBy, known);
    }

    /** Answers whether all of them are reserved now; otherwise none is. */
    boolean reserve(String by, Collection<Integer> messages) {
        if (!tx.reserve(run, by, messages)) return false;
        events.accept("message.reserved", by(by, messages));
        return true;
    }

    /**
     * @param mail how many messages the run was ever sent
     * @return how many that is now: what is released counts as sent once more
     */
    int dispose(String by, MessageStatus to, int mail) {
        int next = to == MessageStatus.PENDING ? mail + 1 : mail;
        var topics = tx.dispose(run, by, to, next);
        var messages = topics.keySet();
        if (messages.isEmpty()) return mail;
        switch (to) {
            case CONSUMED -> events.accept("message.consumed", by(by, messages));
            case SKIPPED -> events.accept("message.skipped", by(by, messages));
            case PENDING -> {
                events.accept("message.released", by(by, messages));
                news.addAll(topics.values()); // others may read them too
            }
            case RESERVED -> throw new IllegalArgumentException("What is reserved is reserved already.");
        }
        return next;
    }

    private static Json by(String name, Collection<Integer> messages) {
        return new Json("{\"by\":" + Json.quote(name) + "," + list(messages) + "}");
    }

    private static String list(Collection<Integer> messages) {
        return "\"messages\":[" + messages.stream().map(String::valueOf).collect(Collectors.joining(",")) + "]";
    }

    /** Wakes those who listened before this transaction; answers whether there may be any. */
    boolean wakeListeners() {
        news.forEach(topic -> tx.wake(run, topic, now));
        return !news.isEmpty();
    }

    /** The new task, due now if a message waits for it already. */
    Task listening(Task task, Plan.Await wait) {
        if (wait.topics().isEmpty()) return task;
        var since = tx.pendingSince(run, wait.topics(), wait.after());
        return since == null ? task : task.due(Math.min(now, Math.max(since, earliest(task))));
    }

    /**
     * Whose message waits longest goes first. Only a queue whose keys take turns is looked at from its beginning by every
     * claim; in others a task that was due long ago would be found late.
     */
    private long earliest(Task task) {
        return task.placement().key().isEmpty() ? now - RECENT_MILLIS : Long.MIN_VALUE;
    }

    private static final long RECENT_MILLIS = 1_000;

    /** As it is stored with a task; see {@link Task#listens}. */
    static String listens(List<String> topics) {
        return '\n' + topics.stream().map(topic -> topic + '\n').collect(Collectors.joining());
    }
}
