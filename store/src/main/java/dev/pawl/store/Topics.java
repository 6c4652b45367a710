package dev.pawl.store;

import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunId;
import dev.pawl.spi.Store.MessageFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The messages of runs, on one connection. Runs are locked by the caller where something is written. */
final class Topics {

    private final Session session;

    Topics(Session session) {
        this.session = session;
    }

    private record Known(String topic, String id) {}

    private record There(String topic, @Nullable String id, int seq) {}

    int[] publish(List<Message> messages) {
        requireDifferent(messages);
        List<There> there = session.batch("message.publish", messages)
                .ids("run_id", Message::run)
                .longs("at", Message::at)
                .ints("seq", Message::seq)
                .texts("name", Message::name)
                .texts("id", Message::id)
                .texts("actor", Message::actor)
                .texts("payload", message -> message.payload().stored())
                .list(row -> new There(row.getString("name"), row.getString("id"), row.getInt("seq")));
        var known = new HashMap<Known, Integer>();
        for (There one : there) {
            if (one.id() != null) known.put(new Known(one.topic(), one.id()), one.seq());
        }
        var numbers = new int[messages.size()];
        for (int i = 0; i < numbers.length; i++) {
            Message message = messages.get(i);
            // Without an id there is nothing that it could have met.
            numbers[i] = message.id() == null
                    ? message.seq()
                    : known.getOrDefault(new Known(message.name(), message.id()), 0);
        }
        return numbers;
    }

    /** The databases would make different things of it. */
    private static void requireDifferent(List<Message> messages) {
        var seen = new HashSet<Known>();
        for (Message message : messages) {
            if (message.id() == null || seen.add(new Known(message.name(), message.id()))) continue;
            throw new IllegalArgumentException(
                    "Message '%s' of topic '%s' is there twice, and only one of them can count: publish the newer one."
                            .formatted(message.id(), message.name()));
        }
    }

    boolean reserve(RunId run, String by, Collection<Integer> seqs) {
        var wanted = List.copyOf(new TreeSet<>(seqs));
        if (wanted.isEmpty()) return true;
        int pending = session.call("message.count_pending")
                .set("run_id", run)
                .set("seqs", wanted)
                .first(row -> row.getInt("messages"))
                .orElseThrow();
        if (pending < wanted.size()) return false;
        session.call("message.reserve")
                .set("run_id", run)
                .set("by", by)
                .set("seqs", wanted)
                .update();
        return true;
    }

    SortedMap<Integer, String> dispose(RunId run, String by, MessageStatus to, int mail) {
        if (!MessageStatus.RESERVED.allows(to)) {
            throw new IllegalArgumentException(
                    "What '%s' has reserved cannot become %s: a reserved message is consumed, skipped or released."
                            .formatted(by, to));
        }
        var call = to == MessageStatus.PENDING
                ? session.call("message.release").set("news", mail)
                : session.call("message.close").set("status", to.name());
        var topics = new TreeMap<Integer, String>();
        call.set("run_id", run).set("by", by).list(row -> topics.put(row.getInt("seq"), row.getString("name")));
        return topics;
    }

    int reserved(RunId run, String by) {
        return session.call("message.count_reserved")
                .set("run_id", run)
                .set("by", by)
                .first(row -> row.getInt("messages"))
                .orElseThrow();
    }

    /** Topics are few, and the first message of each is at hand: so one look for each, however many are pending. */
    @Nullable
    Long pendingSince(RunId run, Collection<String> topics, int after) {
        var oldest = new ArrayList<Long>();
        for (String topic : new TreeSet<>(topics)) {
            session.call("message.oldest_pending")
                    .set("run_id", run)
                    .set("name", topic)
                    .set("after", after)
                    .first(row -> row.getLong("at"))
                    .ifPresent(oldest::add);
        }
        return oldest.stream().min(Long::compare).orElse(null);
    }

    /** Oldest first; of all topics if {@code topic} is null. */
    List<Message> pending(RunId run, @Nullable String topic, int limit) {
        if (topic != null) return pending(run, topic, 0, limit);
        return session.call("message.pending")
                .set("run_id", run)
                .set("limit", limit)
                .list(Rows::message);
    }

    private List<Message> pending(RunId run, String topic, int after, int limit) {
        return session.call("message.pending_of")
                .set("run_id", run)
                .set("name", topic)
                .set("after", after)
                .set("limit", limit)
                .list(Rows::message);
    }

    List<Message> list(MessageFilter filter) {
        if (filter.topic() != null && filter.status() == MessageStatus.PENDING) {
            return pending(filter.run(), filter.topic(), filter.after(), filter.limit());
        }
        return session.call("message.list")
                .set("run_id", filter.run())
                .set("name", filter.topic() == null ? "" : filter.topic())
                .set("status", filter.status() == null ? "" : filter.status().name())
                .set("after", filter.after())
                .set("limit", filter.limit())
                .list(Rows::message);
    }

    List<Message> withIds(RunId run, String topic, Collection<String> ids) {
        if (ids.isEmpty()) return List.of();
        return session.call("message.with_ids")
                .set("run_id", run)
                .set("name", topic)
                .set("ids", List.copyOf(new TreeSet<>(ids)))
                .list(Rows::message);
    }

    Map<String, Map<MessageStatus, Integer>> counts(RunId run) {
        var counts = new TreeMap<String, Map<MessageStatus, Integer>>();
        session.call("message.counts")
                .set("run_id", run)
                .list(row -> counts.computeIfAbsent(row.getString("name"), name -> new EnumMap<>(MessageStatus.class))
                        .put(MessageStatus.valueOf(row.getString("status")), row.getInt("messages")));
        return counts;
    }
}
