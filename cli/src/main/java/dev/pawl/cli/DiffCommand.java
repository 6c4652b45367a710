package dev.pawl.cli;

import dev.pawl.engine.TimeTravel;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Timeline;
import dev.pawl.travel.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code pawl diff}. */
@Command(
        name = "diff",
        description = {
            "pawl diff RUN N M shows what changed between two steps of a run; 0 is the beginning.",
            "pawl diff RUN RUN shows where two runs part ways. A fork has the steps of the run that it goes on from."
        })
final class DiffCommand implements Callable<Integer> {

    private final Shared shared;

    @Parameters(
            arity = "2..3",
            paramLabel = "RUN|FILE|N",
            description =
                    "A run and two of its steps, or two runs; each by id, the beginning of one, \"last\", or a file.")
    private List<String> typed = new ArrayList<>();

    DiffCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (typed.size() == 3) steps(typed.get(0), Steps.number(typed.get(1)), Steps.number(typed.get(2)));
        else runs(typed.get(0), typed.get(1));
        return Exit.DONE;
    }

    private void steps(String which, int from, int to) {
        try (var run = RecordedRun.of(shared, which)) {
            var timeline = TimeTravel.whole(run.history());
            var before = Steps.at(timeline, from);
            var after = Steps.at(timeline, to);
            var differences = Comparison.states(timeline, from, to);
            if (shared.json()) {
                var document = new TravelText(shared.screen(), run.history()).head();
                document.set("from", told(before));
                document.set("to", told(after));
                var all = document.putArray("differences");
                differences.forEach(all::add);
                shared.screen().print(JsonText.pretty(document));
                return;
            }
            shared.screen().print("From %s to %s:".formatted(name(before), name(after)));
            print(differences);
        }
    }

    private void print(List<String> differences) {
        if (differences.isEmpty()) shared.screen().print("  nothing changed");
        differences.forEach(difference -> shared.screen().print("  - " + difference));
    }

    private static String name(Moment moment) {
        return moment.number() + " (" + moment.what() + ")";
    }

    private static JsonNode told(@Nullable Moment moment) {
        if (moment == null) return RunDocument.tree(null);
        return JsonText.object()
                .put("number", moment.number())
                .put("what", moment.what())
                .put("task", moment.task())
                .put("hash", moment.hash())
                .put("next", moment.next());
    }

    private void runs(String one, String other) {
        try (var first = RecordedRun.of(shared, one);
                var second = RecordedRun.of(shared, other)) {
            var left = TimeTravel.whole(first.history());
            var right = TimeTravel.whole(second.history());
            var parting = Comparison.parting(left, right);
            String leftId = first.history().details().id().toString();
            String rightId = second.history().details().id().toString();
            if (shared.json()) {
                var document = JsonText.object().put("one", leftId).put("other", rightId);
                document.put("same", parting == null);
                if (parting != null) {
                    document.put("number", parting.number());
                    document.set("stepOfOne", told(parting.one()));
                    document.set("stepOfOther", told(parting.other()));
                    var all = document.putArray("differences");
                    parting.differences().forEach(all::add);
                }
                shared.screen().print(JsonText.pretty(document));
                return;
            }
            page(left, leftId, rightId, parting);
        }
    }

    private void page(Timeline left, String leftId, String rightId, Comparison.@Nullable Parting parting) {
        var screen = shared.screen();
        if (parting == null) {
            screen.print("They are the same up to step " + left.last() + ".");
            return;
        }
        screen.print("They part at step " + parting.number() + ".");
        line(leftId, parting.one());
        line(rightId, parting.other());
        if (parting.one() != null && parting.other() != null) print(parting.differences());
    }

    private void line(String run, @Nullable Moment moment) {
        String told = moment == null
                ? "has ended"
                : moment.what() + "  " + moment.hash().substring(0, 16)
                        + (moment.next() == null ? "" : "  " + moment.next());
        shared.screen().print("  " + run + "  " + told);
    }
}
