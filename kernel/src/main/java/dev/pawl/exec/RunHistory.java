package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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

    /** The newest revisions of a task's journal, in order. */
    public static List<Effect> journal(Store store, TaskKey task) {
        var newest = new TreeMap<Integer, Effect>();
        int from = Effect.FIRST;
        int size = PAGE;
        while (true) {
            var page = store.effects(task, from, size);
            page.forEach(effect -> newest.put(effect.ordinal(), effect));
            if (page.size() < size) return new ArrayList<>(newest.values());
            if (page.getLast().ordinal() == from) size *= 2; // a step that was tried very often
            from = page.getLast().ordinal();
        }
    }
}
