package dev.pawl;

import dev.pawl.core.Failure;
import dev.pawl.pipeline.Inbox;
import dev.pawl.pipeline.Message;
import dev.pawl.pipeline.Outcome;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Publisher;
import dev.pawl.pipeline.Source;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import dev.pawl.testkit.Crash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Another system that is moody, and the pipelines that change it: it applies and answers, applies and says nothing, refuses,
 * or is there when its caller dies. It keeps a ledger of what it was asked for and of what it did, by key.
 */
final class PipelineModelWorld {

    static final Topic<String> MAILS = Topic.of("MAILS", String.class);
    static final Topic<String> FILES = Topic.of("FILES", String.class);
    static final Topic<String> DONE = Topic.of("DONE", String.class);

    /** So many messages come from the producer. */
    static final int PRODUCED = 4;

    private final SplittableRandom chance;
    private final Pipeline all;
    private final Pipeline without;

    /** What the other system was asked for, by key: the data of each call. */
    final Map<String, List<String>> asked = new TreeMap<>();

    /** What it did, by key. */
    final Map<String, List<Integer>> applied = new TreeMap<>();

    /** The calls that it has not finished. */
    final TreeSet<String> underWay = new TreeSet<>();

    /** What it did for each, in words, newest last. */
    final List<String> diary = new ArrayList<>();

    /** How moody everything is in this world: once in so many times the usual number. */
    private final int calls;

    private final int code;

    /** Whether one handler leaves to another what it could not do at once. */
    private final boolean leaves;

    private int numbers;
    private boolean calm;
    private Runnable meanwhile = () -> {};
    private BooleanSupplier dies = () -> false;

    PipelineModelWorld(String name, SplittableRandom chance) {
        this.chance = chance;
        calls = 1 + chance.nextInt(3);
        code = 1 + chance.nextInt(6);
        leaves = chance.nextInt(3) == 0;
        boolean inTurn = chance.nextInt(4) == 0;
        var whole = define(name, true);
        var part = define(name, false);
        all = inTurn ? whole.oneAtATime() : whole;
        without = inTurn ? part.oneAtATime() : part;
    }

    /** The versions: two that are the same, and one that has no change in one handler, and lacks another handler. */
    List<Pipeline> versions() {
        return List.of(all.version("1"), all.version("2"), without.version("3"));
    }

    /** From now on everybody answers, and truthfully. */
    void calmDown() {
        calm = true;
    }

    /** What happens while the other system is busy. */
    void meanwhile(Runnable what) {
        meanwhile = what;
    }

    /** Asks whether whoever works now dies. */
    void dying(BooleanSupplier now) {
        dies = now;
    }

    private Pipeline define(String name, boolean whole) {
        return Pipeline.define(name, p -> {
            p.producer("poll", Every.minutes(5), Integer.class, this::poll);
            var append = p.consumer("append", MAILS).also(FILES);
            append.prepare(String.class, inbox -> prepare(inbox, "append"))
                    .mutate(Integer.class, this::change)
                    .reconcile(this::truth)
                    .next((out, data, outcome) -> follow("append", out, data, outcome));
            var book = p.consumer("book", DONE).prepare(String.class, inbox -> prepare(inbox, "book"));
            if (whole)
                book.mutate(Integer.class, this::change)
                        .next((out, data, outcome) -> follow("book", out, data, outcome));
            else book.next((out, data) -> remember("book", out));
            if (!whole) return;
            p.consumer("rival", MAILS).prepare(String.class, this::rival).next((out, data) -> remember("rival", out));
        });
    }

    // ---- code of the pipelines ------------------------------------------------------------------------------------

    private Integer poll(Source out, Integer cursor) {
        int from = cursor == null ? 0 : cursor;
        trouble("poll", 6, true);
        if (from < PRODUCED) out.publish(MAILS, "p-" + from, "produced");
        trouble("poll", 12, false);
        return from + 1;
    }

    private Prepared<String> prepare(Inbox<String> inbox, String who) {
        trouble(who + " prepares", 10, true);
        var found =
                new ArrayList<Message<String>>(leaves && who.equals("append") ? inbox.peek() : inbox.peek(1 + roll(3)));
        if (leaves && who.equals("append")) found.removeIf(mail -> mail.delivery() > 1);
        if (who.equals("append") && roll(2) == 1) found.addAll(inbox.of(FILES).peek(1 + roll(2)));
        if (found.isEmpty() && who.equals("append"))
            found.addAll(inbox.of(FILES).peek(1));
        if (found.isEmpty() || roll(25) == 1) return Prepared.<String>nothing().wakeAt(sometime());
        var prepared = Prepared.of(names(found), found).titled(names(found));
        if (roll(6) == 1) prepared = prepared.wakeAt(sometime());
        return roll(10) == 1 ? prepared.unchanged() : prepared;
    }

    /** It takes only what was released before, and is not told of anything else. */
    private Prepared<String> rival(Inbox<String> inbox) {
        trouble("rival prepares", 15, false);
        var again = inbox.peek().stream().filter(mail -> mail.delivery() > 1).toList();
        return again.isEmpty()
                ? Prepared.nothing()
                : Prepared.of(names(again), again).unchanged();
    }

    private Instant sometime() {
        return Instant.ofEpochMilli(1_800_000_000_000L).plus(Duration.ofMinutes(roll(600)));
    }

    private static String names(List<Message<String>> messages) {
        return messages.stream()
                .map(message -> message.topic() + "/" + message.id())
                .collect(Collectors.joining(","));
    }

    private Integer change(String data, String key) {
        asked.computeIfAbsent(key, any -> new ArrayList<>()).add(data);
        underWay.add(key);
        try {
            if (roll(12) == 1) meanwhile.run();
            int mood = roll(11 * calls);
            switch (mood) {
                case 1 -> throw said("refuses", new Failure.Logic("No such row."));
                case 2 -> throw said("refuses", new Failure.Permission("Not yours."));
                case 3 -> throw said("refuses", new Failure.RateLimited("Too many.", Duration.ofSeconds(7)));
                case 4 -> throw said("vanishes before", new Failure.Timeout("No answer."));
                case 5 -> throw said("vanishes before", new IllegalStateException("Connection reset."));
                default -> {}
            }
            if (mood == 6 && dies.getAsBoolean()) throw said("dies before", new Crash("before the change"));
            int number = ++numbers;
            applied.computeIfAbsent(key, any -> new ArrayList<>()).add(number);
            diary.add("applied " + key + " " + data);
            if (roll(12) == 1) meanwhile.run();
            if (mood == 7) throw said("vanishes after", new Failure.Timeout("No answer."));
            if (mood == 8) throw said("vanishes after", new Failure.Auth("Who are you?"));
            if (mood == 9) throw said("vanishes after", new IllegalStateException("Connection reset."));
            if (mood == 10 && dies.getAsBoolean()) throw said("dies after", new Crash("after the change"));
            return number;
        } finally {
            underWay.remove(key);
        }
    }

    private Optional<Integer> truth(String data, String key) {
        if (underWay.contains(key)) throw said("cannot tell yet", new IllegalStateException("It is under way."));
        int mood = roll(10);
        if (mood == 1 || mood == 2 || mood == 3) throw said("does not tell", new Failure.Transient("Ask later."));
        if (mood == 4 && dies.getAsBoolean()) throw said("dies asking", new Crash("asking"));
        return Optional.ofNullable(result(key));
    }

    /** What came back for a key; null if nothing was done. */
    Integer result(String key) {
        var done = applied.get(key);
        return done == null ? null : done.getFirst();
    }

    private void follow(String who, Publisher out, String data, Outcome<Integer> outcome) {
        trouble(who + " follows", 12, true);
        if (data != null && who.equals("append")) {
            for (String one : data.split(",")) out.publish(DONE, one, words(outcome));
        }
        remember(who, out);
    }

    private void remember(String who, Publisher out) {
        out.remember(out.remembered(Integer.class).orElse(0) + 1);
        trouble(who + " has followed", 12, false);
    }

    static String words(Outcome<Integer> outcome) {
        return switch (outcome) {
            case Outcome.Applied<Integer>(Integer value) -> "APPLIED " + value;
            case Outcome.None<Integer> ignored -> "NONE";
            case Outcome.Skipped<Integer> ignored -> "SKIPPED";
        };
    }

    // ---- moods ----------------------------------------------------------------------------------------------------

    /** Nothing comes of 0, and a calm world gives nothing else. */
    private int roll(int sides) {
        return calm ? 0 : chance.nextInt(sides);
    }

    private void trouble(String where, int sides, boolean grave) {
        if (roll(2 + sides * code / 3) != 1) return;
        switch (roll(grave ? 7 : 4)) {
            case 1 -> throw said(where + " transient", new Failure.Transient("Try again."));
            case 2 -> throw said(where + " unclassified", new IllegalStateException("Oops."));
            case 3 -> {
                if (dies.getAsBoolean()) throw said(where + " dies", new Crash(where));
            }
            case 4 -> throw said(where + " logic", new Failure.Logic("A bug."));
            case 5 -> throw said(where + " auth", new Failure.Auth("Who are you?"));
            case 6 -> throw said(where + " limited", new Failure.RateLimited("Later.", Duration.ofMinutes(2)));
            default -> {}
        }
    }

    private <T extends Throwable> T said(String what, T thrown) {
        diary.add(what);
        return thrown;
    }
}
