package dev.pawl;

import dev.pawl.Script.Ask;
import dev.pawl.Script.Kind;
import dev.pawl.Script.Spot;
import dev.pawl.Script.Stop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes code by chance, and edits it as people do. */
final class Edits {

    /** Kinds of edits. */
    enum Edit {
        ADD_ASK,
        REMOVE_ASK,
        SWAP_ASKS,
        RENAME_ASK,
        CHANGE_KIND,
        CHANGE_REQUEST,
        RESPELL_REQUEST,
        CHANGE_CONDITION,
        ADD_NODE,
        REMOVE_NODE,
        RENAME_NODE,
        ADD_EDGE,
        REMOVE_EDGE,
        RENAME_EDGE,
        TURN_EDGE,
        REORDER_NODES,
        CHANGE_TRIES,
        CHANGE_BEHIND,
        ADD_FIELD,
        APPEND_AHEAD,
        APPEND_AT_STOP
    }

    /** Code that has begun a run, where that was stopped, and what somebody made of the code meanwhile. */
    record Case(Script began, Stop stop, Edit edit, Script edited) {}

    private final SplittableRandom random;

    private Edits(SplittableRandom random) {
        this.random = random;
    }

    static Case of(int seed, Edit edit) {
        var random = new SplittableRandom(seed * 1_000L + edit.ordinal());
        while (true) {
            var edits = new Edits(random);
            var began = edits.script();
            var spot = edits.pick(began.spots());
            int size = spot.asks().size();
            int at = Math.max(random.nextInt(size), random.nextInt(size)); // rather late, so that more is recorded
            boolean approval = random.nextBoolean();
            var asks = new ArrayList<>(spot.asks());
            asks.set(at, new Ask(approval ? Kind.APPROVAL : Kind.CALL, "stop", 0, false));
            began = replaced(began, spot, spot.asking(asks));
            var stop = new Stop(spot.name(), at, approval);
            var edited = edits.edited(began, stop, edit);
            if (edited != null && !edited.equals(began)) return new Case(began, stop, edit, edited);
        }
    }

    // ---- code -----------------------------------------------------------------------------------------------------

    private Script script() {
        int size = random.nextInt(3, 6);
        var spots = new ArrayList<Spot>();
        for (int i = 0; i < size; i++) {
            var asks = new ArrayList<Ask>();
            for (int a = random.nextInt(2, 6); a > 0; a--) asks.add(ask("a" + i + a));
            boolean loops = random.nextBoolean();
            spots.add(new Spot(
                    "n" + i,
                    asks,
                    random.nextInt(7),
                    loops ? "again" : null,
                    loops ? "n" + random.nextInt(i + 1) : null,
                    i + 1 == size ? null : "n" + (i + 1)));
        }
        return new Script(spots, 2, "said", false, false);
    }

    private Ask ask(String name) {
        var kinds = List.of(Kind.CALL, Kind.CALL, Kind.CONNECTED, Kind.ONCE, Kind.NOW, Kind.UUID);
        return new Ask(pick(kinds), name, random.nextInt(100), false);
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    // ---- edits ----------------------------------------------------------------------------------------------------

    /** Null if there is nothing to edit like this. */
    private @Nullable Script edited(Script code, Stop stop, Edit edit) {
        var any = random.nextInt(6) == 0 ? pick(code.spots()) : code.spot(stop.spot());
        return switch (edit) {
            case ADD_ASK -> asks(code, any, asks -> asks.add(random.nextInt(asks.size() + 1), ask("new")));
            case REMOVE_ASK -> asks(code, any, asks -> asks.remove(random.nextInt(asks.size())));
            case SWAP_ASKS ->
                asks(code, any, asks -> {
                    int at = random.nextInt(asks.size());
                    Collections.swap(asks, at, Math.max(0, at - 1));
                });
            case RENAME_ASK -> ask(code, any, ask -> new Ask(ask.kind(), "renamed", ask.deep(), false));
            case CHANGE_KIND ->
                ask(
                        code,
                        any,
                        ask -> new Ask(
                                ask.kind() == Kind.CALL ? Kind.CONNECTED : Kind.CALL, ask.name(), ask.deep(), false));
            case CHANGE_REQUEST -> ask(code, any, ask -> new Ask(ask.kind(), ask.name(), ask.deep() + 1, false));
            case RESPELL_REQUEST -> ask(code, any, ask -> new Ask(ask.kind(), ask.name(), ask.deep(), true));
            case CHANGE_CONDITION ->
                any.label() == null
                        ? null
                        : replaced(
                                code,
                                any,
                                new Spot(any.name(), any.asks(), 7 - any.limit(), any.label(), any.back(), any.next()));
            case ADD_NODE -> {
                var spots = new ArrayList<>(code.spots());
                spots.set(spots.indexOf(any), to(any, any.label(), any.back(), "new"));
                spots.add(new Spot("new", List.of(ask("new")), 0, null, null, any.next()));
                yield code.with(spots);
            }
            case REMOVE_NODE -> removed(code, any);
            case RENAME_NODE -> renamed(code, any.name());
            case ADD_EDGE -> any.label() != null ? null : replaced(code, any, to(any, "more", any.name(), any.next()));
            case REMOVE_EDGE -> any.label() == null ? null : replaced(code, any, to(any, null, null, any.next()));
            case RENAME_EDGE ->
                any.label() == null ? null : replaced(code, any, to(any, "else", any.back(), any.next()));
            case TURN_EDGE ->
                any.label() == null
                        ? null
                        : replaced(
                                code,
                                any,
                                to(any, any.label(), pick(code.spots()).name(), any.next()));
            case REORDER_NODES -> new Script(code.spots(), code.tries(), code.behind(), code.note(), true);
            case CHANGE_TRIES -> new Script(code.spots(), 5, code.behind(), code.note(), false);
            case CHANGE_BEHIND -> new Script(code.spots(), code.tries(), "says now", code.note(), false);
            case ADD_FIELD -> new Script(code.spots(), code.tries(), code.behind(), true, false);
            case APPEND_AHEAD -> {
                var ahead = code.ahead(stop);
                if (ahead.isEmpty()) yield null;
                yield asks(code, code.spot(pick(ahead)), asks -> asks.add(ask("new")));
            }
            case APPEND_AT_STOP -> asks(code, code.spot(stop.spot()), asks -> asks.add(ask("new")));
        };
    }

    private interface OfAsks {
        void edit(List<Ask> asks);
    }

    private static Script asks(Script code, Spot spot, OfAsks edit) {
        var asks = new ArrayList<>(spot.asks());
        edit.edit(asks);
        return replaced(code, spot, spot.asking(asks));
    }

    private interface OfAsk {
        Ask edit(Ask ask);
    }

    private Script ask(Script code, Spot spot, OfAsk edit) {
        return asks(code, spot, asks -> {
            int at = random.nextInt(asks.size());
            asks.set(at, edit.edit(asks.get(at)));
        });
    }

    private static Script replaced(Script code, Spot old, Spot edited) {
        var spots = new ArrayList<>(code.spots());
        spots.set(spots.indexOf(old), edited);
        return code.with(spots);
    }

    private static Spot to(Spot spot, @Nullable String label, @Nullable String back, @Nullable String next) {
        return new Spot(spot.name(), spot.asks(), spot.limit(), label, back, next);
    }

    private static @Nullable Script removed(Script code, Spot gone) {
        if (gone.next() == null) return null;
        var spots = new ArrayList<Spot>();
        for (Spot spot : code.spots()) {
            if (spot.equals(gone)) continue;
            String back = gone.name().equals(spot.back()) ? spot.name() : spot.back();
            String next = gone.name().equals(spot.next()) ? gone.next() : spot.next();
            spots.add(to(spot, spot.label(), back, next));
        }
        return code.with(spots);
    }

    private static Script renamed(Script code, String old) {
        var spots = new ArrayList<Spot>();
        for (Spot spot : code.spots()) {
            String back = old.equals(spot.back()) ? "renamed" : spot.back();
            String next = old.equals(spot.next()) ? "renamed" : spot.next();
            String name = old.equals(spot.name()) ? "renamed" : spot.name();
            spots.add(new Spot(name, spot.asks(), spot.limit(), spot.label(), back, next));
        }
        return code.with(spots);
    }
}
