package dev.pawl.store;

import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunId;
import dev.pawl.spi.Store.MessageFilter;
import dev.pawl.spi.Tx.Disposal;
import dev.pawl.spi.Tx.Listening;
import dev.pawl.spi.Tx.Reservation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The messages of runs, on one connection. Runs are locked by the caller where something is written. */
final class Topics {

    private final Session session;

    Topics(Session session) {
        this.session = session;
    }

    private record Known(RunId run, String topic, String id) {}

    private record There(RunId run, String topic, @Nullable String id, int seq) {}

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
                .list(row -> new There(
                        RunId.of(row.getBytes("run_id")),
                        row.getString("name"),
                        row.getString("id"),
                        row.getInt("seq")));
        var known = new HashMap<Known, Integer>();
        for (There one : there) {
            if (one.id() != null) known.put(new Known(one.run(), one.topic(), one.id()), one.seq());
        }
        var numbers = new int[messages.size()];
        for (int i = 0; i < numbers.length; i++) {
            Message message = messages.get(i);
            // Without an id there is nothing that it could have met.
            numbers[i] = message.id() == null
                    ? message.seq()
                    : known.getOrDefault(new Known(message.run(), message.name(), message.id()), 0);
        }
        return numbers;
    }

    /** The databases would make different things of it. */
    private static void requireDifferent(List<Message> messages) {
        var seen = new HashSet<Known>();
        for (Message message : messages) {
            if (message.id() == null || seen.add(new Known(message.run(), message.name(), message.id()))) continue;
            throw new IllegalArgumentException(
                    "Message '%s' of topic '%s' is there twice, and only one of them can count: publish the newer one."
                            .formatted(message.id(), message.name()));
        }
    }

    /**
     * One message of a reservation.
     *
     * @param of the place of its reservation
     */
    private record Reserved(int of, RunId run, int seq, String by) {}

    boolean[] reserve(List<Reservation> reservations) {
        var wanted = new ArrayList<Reserved>();
        for (int i = 0; i < reservations.size(); i++) {
            var one = reservations.get(i);
            for (int seq : new TreeSet<>(one.messages())) wanted.add(new Reserved(i, one.run(), seq, one.by()));
        }
        boolean[] taken = rows(session.batch("message.reserve", wanted)).applied();
        var whole = new boolean[reservations.size()];
        Arrays.fill(whole, true);
        for (int i = 0; i < taken.length; i++) whole[wanted.get(i).of()] &= taken[i];
        var partial = new ArrayList<Reserved>();
        for (int i = 0; i < taken.length; i++) {
            if (taken[i] && !whole[wanted.get(i).of()]) partial.add(wanted.get(i));
        }
        if (!partial.isEmpty())
            rows(session.batch("message.give_back", partial)).update();
        return whole;
    }

    private static Batch<Reserved> rows(Batch<Reserved> batch) {
        return batch.ids("run_id", Reserved::run).ints("seq", Reserved::seq).texts("by", Reserved::by);
    }

    void dispose(List<Disposal> messages) {
        session.batch("message.dispose", messages)
                .ids("run_id", Disposal::run)
                .ints("seq", Disposal::message)
                .texts("by", Disposal::by)
                .texts("status", one -> one.to().name())
                .ints("news", Disposal::mail)
                .update();
    }

    int reserved(RunId run, String by) {
        return session.call("message.count_reserved")
                .set("run_id", run)
                .set("by", by)
                .first(row -> row.getInt("messages"))
                .orElseThrow();
    }

    /**
     * One topic of what a task listens to.
     *
     * @param of the place of the task
     */
    private record Ear(int of, RunId run, String topic, int after) {}

    /** Topics are few, and the first message of each is at hand: so one look for each, however many are pending. */
    long[] pendingSince(List<Listening> tasks) {
        var ears = new ArrayList<Ear>();
        for (int i = 0; i < tasks.size(); i++) {
            var task = tasks.get(i);
            for (String topic : task.topics()) ears.add(new Ear(i, task.run(), topic, task.after()));
        }
        var since = new long[tasks.size()];
        Arrays.fill(since, Long.MAX_VALUE);
        session.batch("message.oldest_pending", ears)
                .ints("place", Ear::of)
                .ids("run_id", Ear::run)
                .texts("name", Ear::topic)
                .ints("after", Ear::after)
                .list(row -> {
                    int place = row.getInt("place");
                    since[place] = Math.min(since[place], row.getLong("at"));
                    return place;
                });
        return since;
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
