package dev.pawl.engine;

import dev.pawl.core.HealthFacts;
import dev.pawl.core.HealthFacts.DueQueue;
import dev.pawl.core.HealthFacts.StuckRun;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.engine.Health.Finding;
import dev.pawl.engine.Health.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is not well, and from where on it counts: one method for each kind of trouble. */
final class Findings {

    private static final int WORRYING_PERCENT = 10;
    private static final Duration OVERDUE = Duration.ofSeconds(60);
    private static final Duration SKEWED = Duration.ofSeconds(1);

    /** Vacuum begins at 10,000 and one in a hundred, so with as many as this it does not get through. */
    private static final long MANY_DEAD_ROWS = 200_000;

    /** Blocked for these, a run waits for a decision that belongs to its work. */
    private static final Set<Reason> ORDINARY = Set.of(Reason.APPROVAL, Reason.POLICY);

    private final HealthFacts facts;
    private final Duration skew;
    private final List<Finding> all = new ArrayList<>();

    Findings(HealthFacts facts, Duration skew) {
        this.facts = facts;
        this.skew = skew;
    }

    List<Finding> all() {
        failures();
        stuck();
        overdue();
        silentWorkers();
        blocked();
        skew();
        deadRows();
        return all;
    }

    private void add(Level level, String sentence) {
        all.add(new Finding(level, sentence));
    }

    private void failures() {
        int failed = facts.runs().count(RunStatus.FAILED);
        int ended = facts.runs().ended();
        if (failed == 0 || failed * 100L < (long) ended * WORRYING_PERCENT) return;
        boolean most = failed > facts.runs().count(RunStatus.SUCCEEDED);
        add(
                most ? Level.CRITICAL : Level.WARNING,
                "%s of %s runs of the last %s that have ended failed%s; look at: pawl list --status failed"
                        .formatted(
                                number(failed),
                                number(ended),
                                time(facts.window().toMillis()),
                                in(facts.runs().failures())));
    }

    private static <K> String in(Map<K, Integer> counts) {
        if (counts.isEmpty()) return "";
        return counts.entrySet().stream()
                .sorted(Map.Entry.<K, Integer>comparingByValue().reversed())
                .map(count -> number(count.getValue()) + " " + count.getKey())
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private void stuck() {
        var runs = facts.stuck().runs().stream().filter(run -> !inLine(run)).toList();
        if (runs.isEmpty()) return;
        var first = runs.getFirst();
        String quiet = time(facts.at() - first.quietSince());
        String what = runs.size() == 1
                ? "Run %s (%s) has not moved for %s and waits for nothing".formatted(first.id(), first.program(), quiet)
                : "%s%s runs have not moved for 5 min and wait for nothing, %s (%s) the longest, for %s"
                        .formatted(
                                facts.stuck().all() ? "" : "At least ",
                                number(runs.size()),
                                first.id(),
                                first.program(),
                                quiet);
        add(Level.CRITICAL, what + "; ask why: pawl explain " + first.id());
    }

    /** Whether there is a worker that would take it and is working: then it is only slow. */
    private boolean inLine(StuckRun run) {
        var due = run.due();
        return due != null && facts.workers().stream().anyMatch(worker -> worker.leases() > 0 && takes(worker, due));
    }

    private boolean takes(HealthFacts.Worker worker, Task task) {
        return worker.info().aliveAt(facts.at())
                && worker.info().serves(task.placement().queue(), task.definition());
    }

    private void overdue() {
        var late = facts.due().stream()
                .filter(due -> due.age(facts.at()) > OVERDUE.toMillis())
                .toList();
        if (facts.workers().stream().noneMatch(worker -> worker.info().aliveAt(facts.at()))) {
            late.stream()
                    .reduce(DueQueue::and)
                    .ifPresent(due ->
                            add(Level.CRITICAL, "No worker is alive, and " + late(due) + "; start one: pawl worker"));
            return;
        }
        var behind = new TreeMap<String, DueQueue>();
        for (DueQueue due : late) {
            if (facts.workers().stream().anyMatch(worker -> takes(worker, due.oldest()))) {
                behind.merge(due.queue(), due, DueQueue::and);
            } else {
                add(Level.CRITICAL, missing(due));
            }
        }
        behind.forEach((queue, due) -> add(
                Level.WARNING,
                "Queue '%s' is behind: %s; start more workers (pawl worker), or ask why: pawl explain %s"
                        .formatted(queue, late(due), due.oldest().key().run())));
    }

    private String late(DueQueue due) {
        return "%s%s due, the oldest (%s of run %s) for %s"
                .formatted(
                        due.all() ? "" : "at least ",
                        count(due.tasks(), "task is", "tasks are"),
                        due.oldest().key().label(),
                        due.oldest().key().run(),
                        time(due.age(facts.at())));
    }

    private String missing(DueQueue due) {
        String program = due.program() + " version " + due.version();
        boolean known = facts.workers().stream()
                .anyMatch(worker -> worker.info().aliveAt(facts.at())
                        && worker.info().definitions().contains(due.oldest().definition()));
        return known
                ? "No worker alive that has %s serves queue '%s', and %s; start one: pawl worker --queues %s"
                        .formatted(program, due.queue(), late(due), due.queue())
                : "No worker alive has %s, and %s; start one that has it: pawl worker".formatted(program, late(due));
    }

    private void silentWorkers() {
        for (var worker : facts.workers()) {
            if (worker.info().aliveAt(facts.at()) || worker.leases() + worker.expired() == 0) continue;
            add(
                    Level.WARNING,
                    "Worker %d (%s) gave its last sign of life %s ago and holds %s; others take over what has run out. See what became of it"
                            .formatted(
                                    worker.info().id(),
                                    worker.info().host(),
                                    time(facts.at() - worker.info().seenAt()),
                                    count(worker.leases() + worker.expired(), "lease", "leases")));
        }
    }

    private void blocked() {
        var reasons = facts.runs().blocked().entrySet().stream()
                .filter(reason -> !ORDINARY.contains(reason.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        int runs = reasons.values().stream().mapToInt(Integer::intValue).sum();
        if (runs == 0) return;
        add(
                Level.WARNING,
                "%s blocked until somebody has put it right%s; look at: pawl list --status blocked"
                        .formatted(count(runs, "run is", "runs are"), in(reasons)));
    }

    private void skew() {
        if (skew.abs().compareTo(SKEWED) <= 0) return;
        add(
                Level.WARNING,
                "The clock of this machine is %s ms %s the database's; set both by a time server"
                        .formatted(number(skew.abs().toMillis()), skew.isNegative() ? "behind" : "ahead of"));
    }

    private void deadRows() {
        for (var table : facts.tables()) {
            if (table.dead() < MANY_DEAD_ROWS || table.dead() * 100 < table.live() * WORRYING_PERCENT) continue;
            add(
                    Level.WARNING,
                    "Table %s has %s dead rows beside %s live ones, which makes claims slow: vacuum does not get through;"
                                    .formatted(table.name(), number(table.dead()), number(table.live()))
                            + " look for old transactions in pg_stat_activity");
        }
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String count(int number, String one, String more) {
        return number(number) + " " + (number == 1 ? one : more);
    }

    /** {@code 42 s}, {@code 7 min}, {@code 24 h}, {@code 3 d}. */
    private static String time(long millis) {
        var time = Duration.ofMillis(millis);
        if (time.toMinutes() < 2) return time.toSeconds() + " s";
        if (time.toHours() < 2) return time.toMinutes() + " min";
        return time.toHours() < 48 ? time.toHours() + " h" : time.toDays() + " d";
    }
}
