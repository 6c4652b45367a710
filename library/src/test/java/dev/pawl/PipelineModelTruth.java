package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Codec;
import dev.pawl.spi.Store;
import dev.pawl.tape.Notes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What must be true of a pipeline at every moment, said without the engine: from the journals, which are only added to,
 * follows what each message must be; and from the ledger of the other system, what the journals may say.
 */
final class PipelineModelTruth {

    private static final int ALL = 100_000;
    private static final Set<EffectStatus> UNKNOWN =
            Set.of(EffectStatus.BEGUN, EffectStatus.RECONCILING, EffectStatus.INDETERMINATE);

    private final Store store;
    private final RunId run;
    private final PipelineModelWorld world;
    private final PipelineModelFold fold = new PipelineModelFold();
    private final Map<String, List<Effect>> closed = new HashMap<>();
    private Look last;

    /** What stands in the database. */
    record Look(
            RunDetails run,
            Map<String, TaskDetails> tasks,
            Map<String, List<Effect>> journals,
            Map<Integer, Message> messages) {

        Map<String, TaskStatus> statuses() {
            var statuses = new TreeMap<String, TaskStatus>();
            tasks.forEach((label, task) -> statuses.put(label, task.task().status()));
            return statuses;
        }
    }

    /** What a step may do to how far activations are. */
    enum Change {
        /** Everything. */
        ANY,
        /** Nothing. */
        NONE,
        /** The outcome of one change, and nothing else. */
        OUTCOME,
        /** Handlers may come and go. */
        HANDLERS
    }

    PipelineModelTruth(Store store, RunId run, PipelineModelWorld world) {
        this.store = store;
        this.run = run;
        this.world = world;
        last = look();
        fold.apply(store.events(run, 0, ALL));
    }

    Look last() {
        return last;
    }

    private Look look() {
        var tasks = new TreeMap<String, TaskDetails>();
        var journals = new TreeMap<String, List<Effect>>();
        for (var task : store.tasks(run, null, 0, ALL)) {
            var key = task.task().key();
            tasks.put(key.label(), task);
            var known = closed.get(key.label());
            var journal = known != null ? known : store.effects(key, -1_000, ALL);
            if (task.task().status().terminal()) closed.put(key.label(), journal);
            journals.put(key.label(), journal);
        }
        var messages = new TreeMap<Integer, Message>();
        for (var message : store.messages(new Store.MessageFilter(run, null, null, 0, ALL))) {
            if (!message.name().contains(":")) messages.put(message.seq(), message);
        }
        return new Look(store.run(run).orElseThrow(), tasks, journals, messages);
    }

    /** Looks again, and compares with what was there before. */
    void check(Change allowed) {
        var now = look();
        fold.apply(store.events(run, fold.seq, ALL));
        events(now);
        tasks(now);
        journals(now);
        messages(now);
        memories(now);
        outside(now);
        told(now);
        changed(last, now, allowed);
        last = now;
    }

    /** All that is closed is read once more: nobody may have changed it. */
    void checkClosed() {
        closed.forEach((label, journal) -> assertThat(
                        store.effects(last.tasks.get(label).task().key(), -1_000, ALL))
                .as("the closed journal of " + label)
                .isEqualTo(journal));
    }

    // ---- events ---------------------------------------------------------------------------------------------------

    private void events(Look now) {
        assertThat(now.run.run().seq()).as("the newest event").isEqualTo(fold.seq);
        assertThat(now.run.status()).as("the run, by its events").isEqualTo(fold.run);
        now.tasks.forEach((label, task) -> assertThat(task.task().status())
                .as("%s, by its events", label)
                .isEqualTo(fold.tasks.getOrDefault(label, TaskStatus.READY)));
        var statuses = new TreeMap<Integer, MessageStatus>();
        now.messages.forEach((number, message) -> statuses.put(number, message.status()));
        assertThat(statuses).as("messages, by their events").isEqualTo(fold.messages);
    }

    // ---- activations ----------------------------------------------------------------------------------------------

    private void tasks(Look now) {
        var open = new TreeMap<String, Integer>();
        now.tasks.values().stream()
                .map(TaskDetails::task)
                .filter(task -> !task.status().terminal())
                .forEach(task -> assertThat(
                                open.put(task.key().name(), task.key().index()))
                        .as("another open activation than %s", task.key())
                        .isNull());
        assertThat(now.tasks.values().stream()
                        .map(TaskDetails::task)
                        .filter(task -> !task.status().terminal()))
                .as("open activations belong to the version in charge")
                .allMatch(task -> task.definition() == now.run.run().definition());
        if (now.run.status().terminal()) {
            assertThat(open).as("open activations of a run that has ended").isEmpty();
            return;
        }
        var lines = new TreeMap<String, Integer>();
        handlers(now).properties().forEach(line -> {
            if (!line.getValue().get("retired").asBoolean())
                lines.put(line.getKey(), line.getValue().get("open").asInt());
        });
        assertThat(open).as("open activations").isEqualTo(lines);
    }

    private static JsonNode handlers(Look now) {
        return Codec.STANDARD.tree(now.run.run().state()).get("handlers");
    }

    /** The newest revision at a position; null if there is none. */
    static Effect at(List<Effect> journal, int ordinal) {
        return journal.stream()
                .filter(effect -> effect.ordinal() == ordinal)
                .reduce((older, newer) -> newer)
                .orElse(null);
    }

    static List<Integer> prepared(List<Effect> journal) {
        var prepare = at(journal, 0);
        var numbers = new ArrayList<Integer>();
        if (prepare == null) return numbers;
        for (JsonNode one :
                Codec.STANDARD.tree(Objects.requireNonNull(prepare.request())).get("reserved"))
            numbers.add(one.asInt());
        return numbers;
    }

    private void journals(Look now) {
        now.journals.forEach((label, journal) -> {
            assertThat(journal).as(label).allMatch(effect -> effect.ordinal() == 0 || effect.ordinal() == 1);
            Effect before = null;
            for (var effect : journal) {
                boolean first = before == null || before.ordinal() != effect.ordinal();
                assertThat(effect.revision()).as("revisions of " + label).isEqualTo(first ? 0 : before.revision() + 1);
                if (!first)
                    assertThat(before.status().allows(effect.status()) || isAskedAgain(before, effect))
                            .as("%s: %s after %s", label, effect, before)
                            .isTrue();
                before = effect;
            }
            if (at(journal, 1) != null)
                assertThat(at(journal, 0)).as("what " + label + " prepared").isNotNull();
            ended(now, label, journal);
        });
    }

    private static boolean isAskedAgain(Effect before, Effect after) {
        return before.status() == EffectStatus.RECONCILING && after.status() == EffectStatus.RECONCILING;
    }

    /** How an activation may end, by what its journal says of its change. */
    private static void ended(Look now, String label, List<Effect> journal) {
        var change = at(journal, 1);
        var task = now.tasks.get(label).task();
        if (change == null) return;
        if (task.status() == TaskStatus.SUCCEEDED) {
            assertThat(change.status())
                    .as("the change of %s, which was committed", label)
                    .isIn(EffectStatus.APPLIED, EffectStatus.SKIPPED);
        }
        if (task.status() == TaskStatus.FAILED && change.status() != EffectStatus.FAILED) {
            var next = now.journals.get(task.key().name() + "[" + (task.key().index() + 1) + "]");
            assertThat(next).as("who goes on from " + label).isNotNull();
            assertThat(prepared(next)).as("what goes on from " + label).isEqualTo(prepared(journal));
            assertThat(key(Objects.requireNonNull(at(next, 1))))
                    .as("the key of what goes on from " + label)
                    .isEqualTo(key(change));
        }
        if (task.status() == TaskStatus.CANCELLED && !now.run.status().terminal()) {
            assertThat(change.status())
                    .as("the change of %s, which was retired", label)
                    .isEqualTo(EffectStatus.FAILED);
        }
    }

    static String key(Effect change) {
        return Objects.requireNonNull(Notes.text(change.request(), Notes.KEY));
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    /** What each message must be, from the journals alone. */
    private static void messages(Look now) {
        var expected = new TreeMap<Integer, String>();
        now.messages.keySet().forEach(number -> expected.put(number, "PENDING"));
        var found = new TreeMap<Integer, String>();
        now.messages.forEach((number, message) -> found.put(
                number,
                message.status() + (message.status() == MessageStatus.PENDING ? "" : " " + message.reservedBy())));
        now.journals.forEach((label, journal) -> {
            var task = now.tasks.get(label).task();
            var change = at(journal, 1);
            String is = switch (task.status()) {
                case READY, RUNNING -> "RESERVED";
                case SUCCEEDED -> change != null && change.status() == EffectStatus.SKIPPED ? "SKIPPED" : "CONSUMED";
                case CANCELLED -> now.run.status().terminal() ? "RESERVED" : null;
                case FAILED, SKIPPED -> null;
            };
            if (is == null) return;
            for (int number : prepared(journal)) {
                assertThat(expected.put(number, is + " " + task.key().name()))
                        .as("who else than %s has message %s", label, number)
                        .isEqualTo("PENDING");
            }
        });
        assertThat(found).as("messages, by the journals").isEqualTo(expected);
    }

    // ---- memory ---------------------------------------------------------------------------------------------------

    /** Everybody counts their committed activations, and so do we. */
    private static void memories(Look now) {
        handlers(now).properties().forEach(line -> {
            var committed = now.tasks.values().stream()
                    .filter(task -> task.task().key().name().equals(line.getKey()))
                    .filter(task -> task.task().status() == TaskStatus.SUCCEEDED)
                    .toList();
            int memory = line.getValue().get("memory").asInt();
            if (committed.isEmpty()) {
                assertThat(memory).as("the memory of " + line.getKey()).isEqualTo(-1);
                return;
            }
            var newest = committed.stream()
                    .filter(task -> task.task().key().index() == memory)
                    .findFirst();
            assertThat(newest).as("the memory of " + line.getKey()).isPresent();
            assertThat(committed).allMatch(task -> task.task().key().index() <= memory);
            assertThat(Objects.requireNonNull(newest.get().output()).stored())
                    .as("what %s remembers of its commits", line.getKey())
                    .isEqualTo(String.valueOf(committed.size()));
        });
    }

    // ---- the other system -----------------------------------------------------------------------------------------

    private void outside(Look now) {
        world.asked.forEach(
                (key, calls) -> assertThat(calls).as("calls with key " + key).hasSize(1));
        world.applied.forEach(
                (key, done) -> assertThat(done).as("changes with key " + key).hasSize(1));
        var times = new HashMap<String, Integer>();
        world.applied.keySet().forEach(key -> {
            for (String one : world.asked.get(key).getFirst().split(",")) {
                assertThat(times.merge(key.replaceAll("^.*-([a-z]+)-\\d+$", "$1 ") + one, 1, Integer::sum))
                        .as("changes for " + one)
                        .isEqualTo(1);
            }
        });
        var known = new HashSet<String>();
        now.journals.forEach((label, journal) -> {
            var change = at(journal, 1);
            if (change == null) return;
            known.add(key(change));
            var result = world.result(key(change));
            switch (change.status()) {
                case APPLIED -> {
                    assertThat(result).as("what was done for " + label).isNotNull();
                    var value = Objects.requireNonNull(change.value()).stored();
                    assertThat(value).as("the result of " + label).isIn(String.valueOf(result), "null");
                }
                case FAILED -> {
                    assertThat(result)
                            .as("what was done for " + label + ", which failed")
                            .isNull();
                    assertThat(world.underWay).doesNotContain(key(change));
                }
                case BEGUN, RECONCILING, INDETERMINATE, SKIPPED -> {}
            }
        });
        assertThat(known).as("keys in journals").containsAll(world.asked.keySet());
    }

    /** What next told others about what it saw. */
    private void told(Look now) {
        var done = new HashMap<String, Integer>();
        world.asked.forEach((key, calls) -> {
            if (!world.applied.containsKey(key) || !key.contains("-append-")) return;
            for (String one : calls.getFirst().split(",")) done.put(one, world.result(key));
        });
        var told = now.messages.values().stream()
                .filter(message -> message.name().equals(PipelineModelWorld.DONE.name()))
                .collect(Collectors.toMap(
                        Message::id, message -> message.payload().stored().replace("\"", "")));
        var over = new TreeMap<String, Message>();
        now.messages.values().stream()
                .filter(message -> !message.name().equals(PipelineModelWorld.DONE.name()))
                .filter(message -> message.status().terminal() && "append".equals(message.reservedBy()))
                .forEach(message -> over.put(message.name() + "/" + message.id(), message));
        assertThat(told.keySet()).as("what append told").isEqualTo(over.keySet());
        told.forEach((id, words) -> {
            var result = done.get(id);
            if (over.get(id).status() == MessageStatus.SKIPPED)
                assertThat(words).isEqualTo("SKIPPED");
            else if (result == null)
                assertThat(words).as("what next saw of " + id).isEqualTo("NONE");
            else assertThat(words).as("what next saw of " + id).isIn("APPLIED " + result, "APPLIED null");
        });
    }

    // ---- changes --------------------------------------------------------------------------------------------------

    private static void changed(Look was, Look now, Change allowed) {
        was.tasks.forEach((label, task) -> {
            var after = now.tasks.get(label);
            assertThat(after).as(label).isNotNull();
            assertThat(after.task().attempt())
                    .as("the fence of " + label)
                    .isGreaterThanOrEqualTo(task.task().attempt());
            if (task.task().status().terminal()) assertThat(after).isEqualTo(task);
            var journal = was.journals.get(label);
            for (int ordinal : List.of(0, 1)) {
                var before = only(journal, ordinal);
                var then = only(now.journals.get(label), ordinal);
                assertThat(then.subList(0, Math.min(then.size(), before.size())))
                        .as("the journal of " + label)
                        .isEqualTo(before);
            }
        });
        was.messages.forEach((number, message) -> {
            var after = now.messages.get(number);
            assertThat(after).as("message " + number).isNotNull();
            assertThat(after.delivery()).isGreaterThanOrEqualTo(message.delivery());
            if (message.status().terminal()) assertThat(after).isEqualTo(message);
        });
        invariantNine(was, now);
        if (allowed == Change.ANY) return;
        if (allowed != Change.HANDLERS) {
            assertThat(now.statuses()).as("activations do not move").isEqualTo(was.statuses());
        } else {
            var moved = now.statuses();
            was.statuses()
                    .forEach((label, status) ->
                            assertThat(moved.get(label)).as(label).isIn(status, TaskStatus.CANCELLED));
        }
        var before = new TreeMap<String, String>();
        var after = new TreeMap<String, String>();
        was.journals.forEach((label, journal) ->
                journal.forEach(one -> before.put(label + one.ordinal() + "." + one.revision(), label)));
        now.journals.forEach((label, journal) ->
                journal.forEach(one -> after.put(label + one.ordinal() + "." + one.revision(), label)));
        assertThat(after.size() - before.size())
                .as("what was recorded meanwhile")
                .isBetween(0, allowed == Change.OUTCOME ? 1 : 0);
        was.messages.forEach(
                (number, message) -> assertThat(now.messages.get(number).status())
                        .as("message " + number)
                        .isEqualTo(message.status()));
    }

    private static List<Effect> only(List<Effect> journal, int ordinal) {
        return journal.stream().filter(effect -> effect.ordinal() == ordinal).toList();
    }

    /** What an activation has reserved whose change's outcome is unknown stays reserved until it is known. */
    private static void invariantNine(Look was, Look now) {
        was.journals.forEach((label, journal) -> {
            var change = at(journal, 1);
            if (change == null || !UNKNOWN.contains(change.status())) return;
            if (was.tasks.get(label).task().status().terminal()) return;
            boolean known = now.journals.values().stream()
                    .map(one -> at(one, 1))
                    .filter(Objects::nonNull)
                    .anyMatch(one -> key(one).equals(key(change)) && !UNKNOWN.contains(one.status()));
            if (known) return;
            for (int number : prepared(journal)) {
                assertThat(now.messages.get(number).status())
                        .as("message %s, of which nobody knows what %s did with it", number, label)
                        .isEqualTo(MessageStatus.RESERVED);
            }
        });
    }

    /** Everything is worked off: what the oracle wants in the end. */
    void checkDone(Set<String> published) {
        assertThat(last.run.status()).isEqualTo(RunStatus.RUNNING);
        var names = last.messages.values().stream()
                .filter(message -> !message.name().equals(PipelineModelWorld.DONE.name()))
                .map(message -> message.name() + "/" + message.id())
                .collect(Collectors.toSet());
        assertThat(names).as("what was published").isEqualTo(published);
        var times = new HashMap<String, Integer>();
        world.applied.forEach((key, done) -> {
            for (String one : world.asked.get(key).getFirst().split(","))
                times.merge(key.replaceAll("^.*-([a-z]+)-\\d+$", "$1 ") + one, done.size(), Integer::sum);
        });
        var changed = new HashSet<Integer>();
        last.journals.forEach((label, journal) -> {
            var change = at(journal, 1);
            if (change != null && change.status() == EffectStatus.APPLIED) changed.addAll(prepared(journal));
        });
        last.messages.values().forEach(message -> {
            assertThat(message.status().terminal())
                    .as("%s is done with", message)
                    .isTrue();
            if (message.status() == MessageStatus.SKIPPED) return;
            String who = message.reservedBy() + " " + message.name() + "/" + message.id();
            assertThat(times.getOrDefault(who, 0))
                    .as("changes by %s", who)
                    .isEqualTo(changed.contains(message.seq()) ? 1 : 0);
        });
    }
}
