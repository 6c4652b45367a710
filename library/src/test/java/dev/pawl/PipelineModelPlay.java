package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.PipelineModelTruth.Change;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Input;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry;
import dev.pawl.exec.Refused;
import dev.pawl.exec.Verdict;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.spi.Program;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A life of a pipeline by chance: people, workers that die, and time. What happened is written down, a line a step. */
final class PipelineModelPlay {

    private final Stage stage;
    private final SplittableRandom chance;
    private final PipelineModelWorld world;
    private final List<Pipeline> versions;
    private final RunId run;
    private final PipelineModelTruth truth;
    private final Hands[] workers = new Hands[2];
    private final Deque<Integer> busy = new ArrayDeque<>();
    private final List<Held> held = new ArrayList<>();
    private final TreeSet<String> published = new TreeSet<>();
    private final TreeSet<String> maybe = new TreeSet<>();
    private final List<Kind> fond;
    private int ids;

    final List<String> story = new ArrayList<>();
    final Tally tally;

    /** How often what happened, over all lives: a test that never meets something shows nothing of it. */
    record Tally(Map<String, Integer> times) {
        void add(String what) {
            times.merge(what, 1, Integer::sum);
        }
    }

    /** A worker, and the store that it may die of. */
    private record Hands(CrashingStore store, HandDriven by) {}

    /** What somebody has claimed, and perhaps worked on, and not ended. */
    private record Held(HandDriven by, Tx.Claim claim, Verdict verdict) {}

    PipelineModelPlay(Stage stage, long seed, Tally tally) {
        this.stage = stage;
        this.tally = tally;
        chance = new SplittableRandom(seed);
        fond = fond();
        world = new PipelineModelWorld("model-" + seed + "-" + System.identityHashCode(this), chance.split());
        versions = world.versions();
        for (int i = 0; i < workers.length; i++) workers[i] = hire();
        run = workers[0].by.submit(versions.getFirst(), Json.NULL);
        truth = new PipelineModelTruth(stage.store, run, world);
        world.meanwhile(this::meanwhile);
        world.dying(() -> {
            workers[busy.peek()].store.die("in user code");
            return true;
        });
    }

    private Hands hire() {
        var store = new CrashingStore(stage.store);
        return new Hands(store, new HandDriven(store.store(), stage.clock, List.copyOf(versions)));
    }

    /** Lives so many steps, and is checked after each. */
    void live(int steps) {
        for (int i = 0; i < steps; i++) step();
    }

    // ---- steps ----------------------------------------------------------------------------------------------------

    private void step() {
        int who = chance.nextInt(2);
        if (busy.contains(who)) who = 1 - who;
        if (truth.last().run().status().held() && chance.nextInt(3) == 0) {
            release(who);
            return;
        }
        int die = chance.nextInt(100);
        if (die < 40) work(who);
        else
            switch (fond.get(chance.nextInt(fond.size()))) {
                case PUBLISH -> publish(who);
                case TOGETHER -> together(who);
                case KEEP -> keep(who);
                case COME_LATE -> comeLate();
                case PASS -> pass();
                case RESOLVE -> resolve(who);
                case DEPLOY -> deploy(who);
                case PAUSE -> command(who, Entry.Verb.PAUSE);
                case RESUME -> command(who, Entry.Verb.RESUME);
                case RUN -> runNow(who);
                case GROUP -> group(who);
            }
    }

    /** What may happen, besides work. */
    private enum Kind {
        PUBLISH,
        TOGETHER,
        KEEP,
        COME_LATE,
        PASS,
        RESOLVE,
        DEPLOY,
        PAUSE,
        RESUME,
        RUN,
        GROUP
    }

    /** Each life has its own: what happens often in one hardly ever happens in another. */
    private List<Kind> fond() {
        var kinds = new ArrayList<>(List.of(Kind.PUBLISH, Kind.PASS, Kind.RESOLVE));
        for (var kind : Kind.values()) {
            int often = chance.nextInt(4);
            for (int i = 0; i < often; i++) kinds.add(kind);
        }
        return kinds;
    }

    /** Endings, and what people want, that happen to be written in one transaction, in any order. */
    private void group(int who) {
        tally.add("grouped");
        var answers = new ArrayList<Entry>();
        doing(who, "and others at once", Change.ANY, hands -> {
            for (var claim : hands.claim(1 + chance.nextInt(2))) {
                var verdict = hands.attempt(claim);
                told("  at " + claim.task().key().label() + " attempt "
                        + claim.task().attempt() + " " + words(verdict));
                answers.add(chance.nextInt(answers.size() + 1), hands.ending(claim, verdict));
            }
            for (int i = 1 + chance.nextInt(2); i > 0; i--) {
                var entry = wish(hands);
                told("  " + words(entry));
                answers.add(chance.nextInt(answers.size() + 1), entry);
            }
            hands.commit(answers);
        });
        for (var entry : answers) {
            if (entry.done().isCompletedExceptionally()) {
                told("  refused: " + entry.done().exceptionNow().getMessage());
                tally.add("refused in a group");
            }
        }
    }

    private Entry wish(HandDriven hands) {
        return switch (chance.nextInt(6)) {
            case 0 -> new Entry.Command(run, Entry.Verb.PAUSE, "test", "", new CompletableFuture<>());
            case 1 -> new Entry.Command(run, Entry.Verb.RESUME, "test", "", new CompletableFuture<>());
            case 2, 3 -> hands.migration(run, versions.get(chance.nextInt(versions.size())));
            case 4 ->
                new Entry.Signal(run, "run:poll", null, Payload.inline(Json.NULL), "test", new CompletableFuture<>());
            default -> {
                String id = "g" + story.size();
                maybe.add("MAILS/" + id);
                var message = new Plan.Publication(
                        "MAILS",
                        id,
                        Payload.inline(Stage.json("in a group")),
                        List.of(new Input("outside", "MAILS", id, "")));
                yield new Entry.Publication(run, List.of(message), "test", new CompletableFuture<>());
            }
        };
    }

    /** Somebody does what it takes. */
    private void release(int who) {
        if (!stage.store.undecided(run).isEmpty()) resolve(who);
        else command(who, Entry.Verb.RESUME);
    }

    private void told(String line) {
        story.add("  ".repeat(busy.size()) + line);
    }

    /** Does it on a store that perhaps fails now; whoever dies of it is replaced. Answers whether somebody did. */
    private boolean doing(int who, String what, Change allowed, Consumer<HandDriven> work) {
        var hands = workers[who];
        if (chance.nextInt(6) == 0) {
            var how = CrashingStore.How.values()[chance.nextInt(4)];
            int write = 1 + chance.nextInt(3);
            hands.store.plan(write, how);
            what += " (write " + write + ": " + how + ")";
        }
        told("worker " + who + " " + what);
        int at = story.size();
        int before = world.diary.size();
        busy.push(who);
        boolean died = false;
        try {
            work.accept(hands.by);
        } catch (Crash crash) {
            died = true;
            tally.add("died");
        } finally {
            busy.pop();
        }
        hands.store.behave();
        if (died) {
            workers[who] = hire();
            story.set(at - 1, story.get(at - 1) + " and dies");
        }
        if (world.diary.size() > before) told("  outside: " + world.diary.subList(before, world.diary.size()));
        truth.check(allowed);
        return died;
    }

    /** Answers whether it was not refused; what is refused changes nothing. */
    private boolean asking(int who, String what, Change allowed, Consumer<HandDriven> question) {
        var refused = new ArrayList<Refused>();
        var was = truth.last().run();
        doing(who, what, allowed, hands -> {
            try {
                question.accept(hands);
            } catch (Refused why) {
                refused.add(why);
            }
        });
        if (refused.isEmpty()) return true;
        told("  refused: " + refused.getFirst().getMessage());
        tally.add("refused " + refused.getFirst().why());
        assertThat(truth.last().run()).as("after it was refused").isEqualTo(was);
        return false;
    }

    private void publish(int who) {
        var topic = chance.nextInt(3) == 0 ? PipelineModelWorld.FILES : PipelineModelWorld.MAILS;
        var messages = new ArrayList<Plan.Publication>();
        int count = 1 + chance.nextInt(3);
        for (int i = 0; i < count; i++) {
            boolean known = ids > 0 && chance.nextInt(3) == 0;
            String id = "m" + (known ? chance.nextInt(ids) : ids++);
            published.add(topic.name() + "/" + id);
            messages.add(new Plan.Publication(
                    topic.name(),
                    id,
                    Payload.inline(Stage.json("payload " + story.size())),
                    List.of(new Input("outside", topic.name(), id, ""))));
        }
        String what = "publishes "
                + messages.stream().map(one -> one.topic() + "/" + one.id()).toList();
        tally.add("published");
        while (doing(who, what, Change.NONE, hands -> hands.publish(run, messages))) {
            what = "publishes that again";
        }
    }

    private void work(int who) {
        tally.add("worked");
        doing(
                who,
                "works",
                Change.ANY,
                hands -> hands.claim(1).forEach(claim -> {
                    told("  at " + claim.task().key().label() + " attempt "
                            + claim.task().attempt());
                    var verdict = hands.attempt(claim);
                    told("  " + words(verdict));
                    tally.add(verdict.getClass().getSimpleName());
                    boolean unused = hands.end(claim, verdict);
                }));
    }

    private static String words(Object verdict) {
        String words = verdict.toString();
        return words.substring(0, Math.min(words.length(), 160));
    }

    /** Several activations end in one transaction. */
    private void together(int who) {
        doing(who, "works on all at once", Change.ANY, hands -> {
            var verdicts = new LinkedHashMap<Tx.Claim, Verdict>();
            for (var claim : hands.claim(3)) {
                var verdict = hands.attempt(claim);
                told("  at " + claim.task().key().label() + " attempt "
                        + claim.task().attempt() + " " + words(verdict));
                verdicts.put(claim, verdict);
            }
            if (verdicts.size() > 1) tally.add("ended together");
            var unused = hands.end(verdicts);
        });
    }

    /** Claims, perhaps works, and ends it later or never. */
    private void keep(int who) {
        doing(
                who,
                "claims",
                Change.ANY,
                hands -> hands.claim(1).forEach(claim -> {
                    boolean works = chance.nextBoolean();
                    told("  " + claim.task().key().label() + (works ? ", works and does not end it" : ""));
                    held.add(new Held(hands, claim, null));
                    if (!works) return;
                    held.removeLast();
                    held.add(new Held(hands, claim, hands.attempt(claim)));
                }));
    }

    private void comeLate() {
        if (held.isEmpty()) return;
        var late = held.remove(chance.nextInt(held.size()));
        for (int who = 0; who < workers.length; who++) {
            if (workers[who].by != late.by || busy.contains(who)) continue;
            tally.add("came late");
            doing(who, "goes on with " + late.claim.task().key().label(), Change.ANY, hands -> {
                var verdict = late.verdict == null ? hands.attempt(late.claim) : late.verdict;
                told("  " + words(verdict));
                boolean counted = hands.end(late.claim, verdict);
                told("  counted: " + counted);
                if (!counted) tally.add("came too late");
            });
        }
    }

    private void pass() {
        var times = List.of(
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(90),
                Duration.ofMinutes(6),
                Duration.ofMinutes(30));
        var time = times.get(chance.nextInt(times.size()));
        told(time + " pass");
        stage.clock.advance(time);
    }

    private void resolve(int who) {
        var undecided = stage.store.undecided(run);
        if (undecided.isEmpty()) return;
        var one = undecided.get(chance.nextInt(undecided.size()));
        String key = PipelineModelTruth.key(one.effect());
        var result = world.result(key);
        boolean sure = !world.underWay.contains(key);
        int say = chance.nextInt(4);
        if (say == 0) say(who, one, EffectStatus.SKIPPED, null);
        else if (say == 1 && one.effect().mayBeAsked()) say(who, one, EffectStatus.RECONCILING, null);
        else if (sure && result == null) say(who, one, EffectStatus.FAILED, null);
        else if (result != null)
            say(who, one, EffectStatus.APPLIED, chance.nextInt(3) == 0 ? Json.NULL : number(result));
    }

    private static Json number(int value) {
        return new Json(String.valueOf(value));
    }

    private void say(int who, Tx.NewEffect one, EffectStatus what, Json value) {
        tally.add("said " + what);
        asking(
                who,
                "says of " + one.task().label() + ": " + what,
                Change.OUTCOME,
                hands -> hands.resolve(one, what, value));
    }

    private void deploy(int who) {
        var version = versions.get(chance.nextInt(versions.size()));
        if (asking(who, "deploys version " + version.version(), Change.HANDLERS, hands -> hands.takeOver(run, version)))
            tally.add("deployed " + version.version());
    }

    private void command(int who, Entry.Verb verb) {
        asking(who, verb.toString(), Change.NONE, hands -> hands.command(run, verb));
    }

    private void runNow(int who) {
        tally.add("ran now");
        asking(who, "runs poll now", Change.NONE, hands -> hands.signal(run, "run:poll", Json.NULL, null));
    }

    /** While a worker is in the middle of a change. */
    private void meanwhile() {
        if (busy.size() > 1) return;
        truth.check(Change.ANY);
        tally.add("meanwhile");
        if (chance.nextBoolean()) stage.clock.advance(Duration.ofSeconds(10)); // its lease has run out
        live(1 + chance.nextInt(4));
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Everybody is there and tells the truth: then all of it must come to an end. */
    void heal() {
        told("all is well again");
        world.calmDown();
        workers[0] = hire();
        var good = workers[0].by;
        good.takeOver(run, versions.getFirst());
        truth.check(Change.HANDLERS);
        for (int turns = 0; turns < 40; turns++) {
            for (var one : stage.store.undecided(run)) {
                var result = world.result(PipelineModelTruth.key(one.effect()));
                told("the truth of " + one.task().label() + ": " + result);
                good.resolve(
                        one,
                        result == null ? EffectStatus.FAILED : EffectStatus.APPLIED,
                        result == null ? null : number(result));
                truth.check(Change.OUTCOME);
            }
            if (truth.last().run().status().held() && stage.status(run).held()) {
                told("resumed");
                good.command(run, Entry.Verb.RESUME);
                truth.check(Change.NONE);
            }
            for (int steps = 0; good.step(); steps++) {
                assertThat(steps).as("steps without an end").isLessThan(500);
                truth.check(Change.ANY);
            }
            truth.check(Change.ANY);
            if (isDone()) break;
            stage.clock.advance(Duration.ofMinutes(3));
        }
        for (int i = 0; i < PipelineModelWorld.PRODUCED; i++) maybe.add("MAILS/p-" + i);
        for (String made : maybe) {
            if (truth.last().messages().values().stream().anyMatch(one -> (one.name() + "/" + one.id()).equals(made)))
                published.add(made);
        }
        truth.checkDone(published);
        truth.checkClosed();
        told("cancelled");
        good.command(run, Entry.Verb.CANCEL);
        truth.check(Change.ANY);
        assertThat(good.step()).as("something to do after the end").isFalse();
    }

    private boolean isDone() {
        return truth.last().run().status() == RunStatus.RUNNING
                && truth.last().messages().values().stream()
                        .map(message -> message.status())
                        .allMatch(MessageStatus::terminal);
    }

    Map<String, Integer> tally() {
        return tally.times();
    }

    /** All versions, for whoever wants to look. */
    List<? extends Program> programs() {
        return versions;
    }
}
