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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks the public API about every run there is. */
final class Facts {

    private static final int PAGE = 500;
    private static final int ALL = 100_000;
    private static final Pattern ATTEMPT = Pattern.compile("\"attempt\":(\\d+)");

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

    private RunFacts of(RunDetails run) {
        var events = pawl.events(run.id(), 0, ALL);
        return new RunFacts(
                run.id().toString(),
                run.program(),
                run.key(),
                run.status().name(),
                run.status().name().equals("SUCCEEDED") ? "" : pawl.explain(run.id()),
                events.stream().map(Event::seq).toList(),
                events.stream()
                        .filter(event -> event.kind().equals("task.succeeded"))
                        .map(Facts::done)
                        .toList(),
                shown(run));
    }

    private static RunFacts.Done done(Event event) {
        var attempt = ATTEMPT.matcher(event.data().text());
        if (!attempt.find()) throw new IllegalStateException("No attempt in " + event);
        return new RunFacts.Done(String.valueOf(event.task()), Integer.parseInt(attempt.group(1)), event.at());
    }

    private List<Mark> shown(RunDetails run) {
        var shown = new ArrayList<Mark>();
        var output = pawl.output(run);
        if (output != null) shown.addAll(marks(output));
        for (TaskDetails task : pawl.tasks(run.id(), ALL)) {
            if (task.output() != null) shown.addAll(marks(pawl.load(task.output())));
        }
        return shown;
    }

    /** The output is a JSON string of characters that need no escape. */
    private static List<Mark> marks(Json output) {
        var text = output.text();
        return Mark.parse(text.substring(1, text.length() - 1));
    }
}
