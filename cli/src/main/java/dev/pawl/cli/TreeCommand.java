package dev.pawl.cli;

import dev.pawl.core.Link;
import dev.pawl.core.RunDetails;
import dev.pawl.engine.Pawl;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;

/** {@code pawl tree}. */
@Command(
        name = "tree",
        description =
                "Shows the family of a run: the runs that it started, and the chain of retries, restarts and forks.")
final class TreeCommand implements Callable<Integer> {

    private static final int CHILDREN_SHOWN = 100;

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    TreeCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var details = pawl.run(run.in(shared, pawl));
            var chain = pawl.chain(details.id());
            if (shared.json()) {
                ArrayNode documents = JsonText.array();
                chain.forEach(each -> document(pawl, each, documents));
                shared.screen().print(JsonText.pretty(documents));
            } else {
                page(pawl, details, chain);
            }
        }
        return Exit.DONE;
    }

    private static void document(Pawl pawl, RunDetails run, ArrayNode into) {
        var document = RunDocument.of(run);
        var children = document.putArray("children");
        pawl.children(run.id(), Integer.MAX_VALUE).forEach(child -> document(pawl, child, children));
        into.add(document);
    }

    private void page(Pawl pawl, RunDetails asked, List<RunDetails> chain) {
        var parent = asked.run().family().parent();
        if (parent != null) shared.screen().print(shared.screen().style().faint("started by " + parent));
        for (var run : chain) {
            line("", run, run.id().equals(asked.id()) && chain.size() > 1 ? "  <- this one" : "");
            children(pawl, run, "");
        }
    }

    private void children(Pawl pawl, RunDetails run, String indent) {
        var children = pawl.children(run.id(), CHILDREN_SHOWN);
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            line(indent + (last ? "└─ " : "├─ "), children.get(i), "");
            children(pawl, children.get(i), indent + (last ? "   " : "│  "));
        }
        int more = run.run().family().children() - children.size();
        if (more > 0) shared.screen().print(indent + "   and " + Text.count(more, "more run"));
    }

    private void line(String indent, RunDetails run, String mark) {
        var style = shared.screen().style();
        shared.screen()
                .print(indent + run.id() + "  " + run.program() + "  " + style.status(run.status()) + link(run) + mark);
    }

    private static String link(RunDetails run) {
        if (run.retryOf() == null) return "";
        return switch (run.link() == null ? Link.RETRY : run.link()) {
                    case RETRY -> "  retries ";
                    case RESTART -> "  restarts ";
                    case FORK -> "  forks ";
                }
                + run.retryOf();
    }
}
