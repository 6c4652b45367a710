package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.json.JsonDiff;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.History;
import dev.pawl.spi.Timeline;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Going through a recorded run step by step, forwards and backwards, as somebody says. */
final class Walk {

    static final List<String> WORDS =
            List.of("next", "back", "goto", "state", "diff", "effects", "search", "help", "quit");

    /** The states of a longer run are not looked into: each may hold all that was before it. */
    private static final int STATES_SEARCHED = 1_000;

    private static final List<String> HELP = List.of(
            "next              the next step (or just Enter)",
            "back              the one before",
            "goto N            step N; 0 is the beginning",
            "state             the state after this step",
            "diff N M          what changed from step N to step M",
            "effects           what this step asked of the outside, and what came back",
            "search TEXT       the next step with this text in its name, state or effects",
            "quit              the end");

    private final Screen screen;
    private final Timeline timeline;
    private final TravelText text;
    private final History history;
    private final @Nullable Divergence divergence;
    private int at;

    Walk(Screen screen, History history, Timeline timeline, @Nullable Divergence divergence) {
        this.screen = screen;
        this.history = history;
        this.timeline = timeline;
        this.text = new TravelText(screen, history);
        this.divergence = divergence;
    }

    /** @param from the step to begin at */
    void go(TypedLines lines, int from) throws IOException {
        Steps.at(timeline, from);
        screen.print("Run %s: steps %d to %d. Type help for what can be said."
                .formatted(history.details().id(), timeline.first(), timeline.last()));
        show(from);
        while (true) {
            String line = lines.next();
            if (line == null) return;
            try {
                if (!obey(line.strip())) return;
            } catch (Complaint | Failure.Logic wrong) {
                screen.print(String.valueOf(wrong.getMessage()));
            }
        }
    }

    private boolean obey(String line) {
        String[] words = line.split("\\s+", 2);
        String rest = words.length < 2 ? "" : words[1];
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case "", "next", "n" -> next();
            case "back", "b" -> back();
            case "goto", "g" -> show(Steps.number(rest));
            case "state", "s" -> screen.print(JsonText.pretty(timeline.state(at)));
            case "effects", "e" -> effects();
            case "diff", "d" -> diff(rest);
            case "search", "/" -> search(rest);
            case "help", "h", "?" -> HELP.forEach(screen::print);
            case "quit", "q", "exit" -> {
                return false;
            }
            default ->
                screen.print("There is no word '" + words[0] + "'; the words are " + String.join(", ", WORDS) + ".");
        }
        return true;
    }

    private void show(int number) {
        var moment = Steps.at(timeline, number);
        at = number;
        var effects = timeline.effects(number);
        boolean isStep = moment.next() != null;
        text.print(moment, isStep ? List.of() : effects);
        if (isStep && !effects.isEmpty()) screen.print("      " + Text.count(effects.size(), "effect"));
        if (divergence != null && divergence.moment() == number) text.print(divergence);
    }

    private void next() {
        if (at < timeline.last()) {
            show(at + 1);
            return;
        }
        String rest = timeline.rest();
        screen.print(rest == null ? "That was the last step." : "That was the last step. " + rest);
        if (divergence != null && divergence.moment() > timeline.last()) text.print(divergence);
    }

    private void back() {
        if (at > timeline.first()) show(at - 1);
        else screen.print("This is the beginning.");
    }

    private void effects() {
        var effects = timeline.effects(at);
        if (effects.isEmpty()) screen.print("It asked the outside for nothing.");
        else text.print(effects);
    }

    private void diff(String rest) {
        String[] numbers = rest.split("\\s+");
        if (numbers.length != 2) throw Complaint.usage("diff wants two steps: diff 0 3");
        int from = Steps.at(timeline, Steps.number(numbers[0])).number();
        int to = Steps.at(timeline, Steps.number(numbers[1])).number();
        var differences = JsonDiff.of(timeline.state(from), timeline.state(to));
        if (differences.isEmpty()) screen.print("Nothing changed.");
        differences.forEach(difference -> screen.print("- " + difference));
    }

    /** From the next step on, and then from the beginning. */
    private void search(String wanted) {
        if (wanted.isEmpty()) throw Complaint.usage("search wants a text: search refund");
        String lower = wanted.toLowerCase(Locale.ROOT);
        int count = timeline.last() - timeline.first() + 1;
        for (int i = 1; i <= count; i++) {
            int number = timeline.first() + (at - timeline.first() + i) % count;
            if (!contains(number, lower)) continue;
            show(number);
            return;
        }
        screen.print("There is no '" + wanted + "' in this run.");
    }

    private boolean contains(int number, String lower) {
        if (timeline.at(number).what().toLowerCase(Locale.ROOT).contains(lower)) return true;
        boolean isShort = timeline.last() - timeline.first() < STATES_SEARCHED;
        if (isShort && timeline.state(number).text().toLowerCase(Locale.ROOT).contains(lower)) return true;
        return timeline.effects(number).stream()
                .anyMatch(effect -> text.document(timeline.at(number), List.of(effect))
                        .toString()
                        .toLowerCase(Locale.ROOT)
                        .contains(lower));
    }
}
