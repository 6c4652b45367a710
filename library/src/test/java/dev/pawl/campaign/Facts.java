package dev.pawl.campaign;

import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskDetails;
import dev.pawl.engine.Pawl;
import dev.pawl.spi.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks the public API about every run there is. */
final class Facts {

    private static final int PAGE = 500;
    private static final int ALL = 100_000;
    private static final Pattern ATTEMPT = Pattern.compile("\"attempt\":(\\d+)");
    private static final Pattern LABEL = Pattern.compile("\"label\":\"([^\"]*)\"");
    private static final String JOB = "job:";
    private static final String FLOW = "flow:";
    private static final Set<String> SUCCEEDED = Set.of("task.succeeded");
    private static final Set<String> FOR_GOOD = Set.of("task.succeeded", "task.continued", "task.failed");
    private static final Set<String> SPENT = Set.of("task.lost", "task.retry", "task.stalled");

    private final Pawl pawl;

    private Facts(Pawl pawl) {
        this.pawl = pawl;
    }

    static List<RunFacts> of(Pawl pawl) {
        var facts = new Facts(pawl);
        var runs = new ArrayList<RunFacts>();
        @Nullable RunId before = null;
        while (true) {
            var page = pawl.list(new Store.RunFilter(null, null, before, PAGE));
            if (page.isEmpty()) return runs;
            page.forEach(run -> runs.add(facts.of(run)));
            before = page.getLast().id();
        }
    }

    /** For each run that a schedule started, what it is labelled with. */
    static List<String> fires(Pawl pawl) {
        var fires = new ArrayList<String>();
        @Nullable RunId before = null;
        while (true) {
            var page = pawl.list(new Store.RunFilter(null, CampaignPrograms.TICK, before, PAGE));
            if (page.isEmpty()) return fires;
            for (RunDetails run : page) {
                var label = LABEL.matcher(
                        pawl.events(run.id(), 0, 1).getFirst().data().text());
                fires.add(label.find() ? label.group(1) : "run " + run.id() + " without a label");
            }
            before = page.getLast().id();
        }
    }

    private RunFacts of(RunDetails run) {
        boolean job = run.program().startsWith(JOB);
        var events = pawl.events(run.id(), 0, ALL);
        var tasks = pawl.tasks(run.id(), ALL).stream()
                .filter(task -> !task.task().key().kernels())
                .toList();
        var journals = new Journals(pawl);
        if (job) tasks.forEach(task -> journals.read(task.task().key()));
        var parent = run.run().family().parent();
        return new RunFacts(
                run.id().toString(),
                run.program(),
                run.key(),
                run.status().name(),
                run.status().name().equals("SUCCEEDED") ? "" : pawl.explain(run.id()),
                events.stream().map(Event::seq).toList(),
                job ? journals.done : run.program().startsWith(FLOW) ? of(events, SUCCEEDED) : List.of(),
                shown(run, tasks, journals),
                new RunFacts.Story(
                        parent == null ? null : parent.toString(),
                        job ? of(events, FOR_GOOD) : List.of(),
                        of(events, SPENT),
                        journals.transacted,
                        journals.received,
                        journals.undos,
                        journals.naps));
    }

    private static List<RunFacts.Done> of(List<Event> events, Set<String> kinds) {
        return events.stream()
                .filter(event -> kinds.contains(event.kind())
                        && !String.valueOf(event.task()).startsWith("~"))
                .map(Facts::done)
                .toList();
    }

    private static RunFacts.Done done(Event event) {
        var attempt = ATTEMPT.matcher(event.data().text());
        if (!attempt.find()) throw new IllegalStateException("No attempt in " + event);
        return new RunFacts.Done(String.valueOf(event.task()), Integer.parseInt(attempt.group(1)), event.at());
    }

    private List<Mark> shown(RunDetails run, List<TaskDetails> tasks, Journals journals) {
        var shown = new ArrayList<>(journals.shown);
        var output = pawl.output(run);
        if (output != null) shown.addAll(marks(output));
        for (TaskDetails task : tasks) {
            if (task.output() != null) shown.addAll(marks(pawl.load(task.output())));
        }
        return shown;
    }

    /** The marks in a JSON string of characters that need no escape; none in any other value. */
    static List<Mark> marks(Json output) {
        var text = text(output);
        return text.contains("#") ? Mark.parse(text) : List.of();
    }

    /** A JSON string of characters that need no escape, without its quotes; empty for any other value. */
    static String text(Json value) {
        var text = value.text();
        return text.startsWith("\"") ? text.substring(1, text.length() - 1) : "";
    }
}
