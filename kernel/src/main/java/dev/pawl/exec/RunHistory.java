package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.History;
import dev.pawl.spi.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An earlier run as it is in the database. */
public record RunHistory(Store store, Payloads payloads, RunDetails details) implements History {

    private static final int PAGE = 1_000;

    @Override
    public Json input() {
        return payloads.load(details.input());
    }

    @Override
    public Json output(String task, int index) {
        var found = store.tasks(details.id(), task, index, 1);
        boolean isThere = !found.isEmpty()
                && found.getFirst().task().key().index() == index
                && found.getFirst().output() != null;
        if (!isThere) throw new IllegalStateException("Task " + task + "[" + index + "] has no output.");
        return payloads.load(Objects.requireNonNull(found.getFirst().output()));
    }

    @Override
    public @Nullable Json result() {
        return new RunResults(store, payloads).of(details);
    }

    @Override
    public Json shape() {
        return store.definitions().stream()
                .filter(definition -> definition.id() == details.run().definition())
                .findFirst()
                .orElseThrow()
                .shape();
    }

    @Override
    public @Nullable History earlier() {
        if (details.retryOf() == null) return null;
        return store.run(details.retryOf())
                .filter(run -> !store.events(run.id(), 0, 1).isEmpty()) // not pruned
                .map(run -> new RunHistory(store, payloads, run))
                .orElse(null);
    }

    @Override
    public List<TaskDetails> tasks(String name, int fromIndex, int limit) {
        return store.tasks(details.id(), name, fromIndex, limit);
    }

    @Override
    public Collection<String> taskNames() {
        return store.taskCounts(details.id()).keySet();
    }

    @Override
    public List<Event> events(int afterSeq, int limit) {
        return store.events(details.id(), afterSeq, limit);
    }

    @Override
    public Json load(Payload payload) {
        return payloads.load(payload);
    }

    @Override
    public byte[] artifact(String reference) {
        return payloads.bytes(reference);
    }

    @Override
    public Payload keep(String what, Json value) {
        return payloads.keep(details.id(), what, value);
    }

    @Override
    public Map<RunId, RunStatus> ended(Collection<RunId> runs) {
        return runs.isEmpty() ? Map.of() : store.ended(runs);
    }

    @Override
    public List<Effect> journal(String task, int index) {
        return journal(store, new TaskKey(details.id(), task, index));
    }

    /** Who submitted a run: its first event says so. */
    public static String actor(Store store, RunId run) {
        var first = store.events(run, 0, 1);
        return first.isEmpty() ? "" : EventData.actor(first.getFirst().data());
    }

    @Override
    public List<Effect> revisions(String task, int index) {
        var all = new LinkedHashMap<Place, Effect>();
        eachRevision(
                store,
                new TaskKey(details.id(), task, index),
                Integer.MIN_VALUE,
                effect -> all.put(Place.of(effect), effect));
        return new ArrayList<>(all.values());
    }

    private record Place(int ordinal, int revision) {
        static Place of(Effect effect) {
            return new Place(effect.ordinal(), effect.revision());
        }
    }

    @Override
    public List<Message> mailbox() {
        return store.messages(details.id(), null, Integer.MAX_VALUE);
    }

    /** The newest revisions of a task's journal, in order. */
    public static List<Effect> journal(Store store, TaskKey task) {
        var newest = new TreeMap<Integer, Effect>();
        eachRevision(store, task, Effect.FIRST, effect -> newest.put(effect.ordinal(), effect));
        return new ArrayList<>(newest.values());
    }

    /** In order; some are seen twice. */
    private static void eachRevision(Store store, TaskKey task, int first, Consumer<Effect> use) {
        int from = first;
        int size = PAGE;
        while (true) {
            var page = store.effects(task, from, size);
            page.forEach(use);
            if (page.size() < size) return;
            if (page.getLast().ordinal() == from) size *= 2; // a step that was tried very often
            from = page.getLast().ordinal();
        }
    }
}
