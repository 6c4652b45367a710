package dev.pawl.cli;

import dev.pawl.core.HealthFacts;
import dev.pawl.core.HealthFacts.DueQueue;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Health;
import dev.pawl.engine.Health.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A check-up for people: the level and the reasons, then the figures, short. What is not there is not mentioned. */
final class HealthPage {

    /** So many milliseconds are as likely the way to the database. */
    private static final int UNNOTICED = 100;

    private final Screen screen;
    private final Health health;
    private final String within;
    private final HealthFacts facts;

    /** @param within the time of the runs that count, as it was typed */
    HealthPage(Screen screen, Health health, String within) {
        this.screen = screen;
        this.health = health;
        this.within = within;
        this.facts = health.facts();
    }

    void print() {
        screen.print(screen.style().bold(paint(health.level(), health.level().name())));
        for (var reason : health.reasons()) {
            screen.print(paint(reason.level(), "  * ") + reason.sentence());
        }
        screen.print("");
        runs();
        retries();
        due();
        line("Clock", skew());
        workers();
    }

    private String paint(Level level, String text) {
        return switch (level) {
            case HEALTHY -> screen.style().good(text);
            case WARNING -> screen.style().held(text);
            case CRITICAL -> screen.style().bad(text);
        };
    }

    private void line(String name, String value) {
        screen.print(screen.style().faint("%-9s".formatted(name)) + value);
    }

    private void runs() {
        var runs = facts.runs();
        var counts = new ArrayList<String>();
        for (var status : RunStatus.values()) {
            if (runs.count(status) == 0) continue;
            String word = status.name().toLowerCase(Locale.ROOT);
            counts.add(screen.style().status(number(runs.count(status)) + " " + word));
        }
        String window = "in the last " + within;
        line(
                "Runs",
                counts.isEmpty() ? "none " + window : String.join(", ", counts) + " (created " + window + ", or open)");
        if (runs.successRate().isPresent()) {
            Long mean = runs.meanMillis();
            line(
                    "Success",
                    percent(runs.successRate().getAsDouble()) + " of " + number(runs.ended())
                            + (mean == null ? "" : ", in " + Text.duration(mean) + " on average"));
        }
        if (!runs.failures().isEmpty()) line("Failures", join(runs.failures()));
        if (!runs.blocked().isEmpty()) line("Blocked", join(runs.blocked()));
        if (!runs.all()) line("", screen.style().faint("of the newest " + number(runs.walked()) + " runs"));
        if (!facts.stuck().runs().isEmpty())
            line("Stuck", number(facts.stuck().runs().size()) + (facts.stuck().all() ? "" : " or more"));
    }

    private static <K> String join(Map<K, Integer> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<K, Integer>comparingByValue(Comparator.reverseOrder()))
                .map(count -> number(count.getValue()) + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private void retries() {
        var retries = facts.retries();
        if (retries.retried() == 0) return;
        line(
                "Retries",
                String.format(
                        Locale.ROOT,
                        "%s of %s (%.1f on average); %,d of these succeeded since, %,d failed for good",
                        retries.retries() == 1 ? "1 retry" : number(retries.retries()) + " retries",
                        Text.count(retries.retried(), "task"),
                        retries.average(),
                        retries.recovered(),
                        retries.exhausted()));
    }

    private void due() {
        var queues = new TreeMap<String, DueQueue>();
        facts.due().forEach(due -> queues.merge(due.queue(), due, DueQueue::and));
        queues.forEach((queue, due) -> line(
                "Due",
                Text.count(due.tasks(), "task") + (due.all() ? "" : " or more") + " in queue '" + queue
                        + "', the oldest for " + Text.duration(due.age(facts.at()))));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share).replace(".0 ", " ");
    }

    private String skew() {
        long millis = health.skew().toMillis();
        return Math.abs(millis) < UNNOTICED
                ? "as the database's"
                : Text.duration(Math.abs(millis)) + (millis > 0 ? " ahead of" : " behind") + " the database's";
    }

    private void workers() {
        if (facts.workers().isEmpty()) {
            line("Workers", "none alive");
            return;
        }
        var table = new Table("WORKER", "HOST", "", "LEASES", "SLOTS", "SEEN", "QUEUES")
                .right(0)
                .right(3)
                .right(4)
                .right(5)
                .paint(
                        2,
                        text -> text.equals("alive")
                                ? screen.style().good(text)
                                : screen.style().held(text));
        for (var worker : facts.workers()) {
            var info = worker.info();
            table.row(
                    String.valueOf(info.id()),
                    info.host(),
                    info.aliveAt(facts.at()) ? "alive" : info.stopped() ? "stopped" : "silent",
                    number(worker.leases() + worker.expired()),
                    number(info.slots()),
                    Text.duration(facts.at() - info.seenAt()) + " ago",
                    String.join(", ", info.queues()));
        }
        screen.print("");
        table.print(screen);
    }

    private static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
