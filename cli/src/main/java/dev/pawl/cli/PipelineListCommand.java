package dev.pawl.cli;

import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.pipeline.PipelineInfo;
import dev.pawl.pipeline.Pipelines;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pawl pipeline list}. */
@Command(name = "list", description = "Lists the pipelines that go on: which version is in charge, and what waits.")
final class PipelineListCommand implements Callable<Integer> {

    private static final int PAGE = 200;

    private final Shared shared;

    PipelineListCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var table = new Table("NAME", "VERSION", "STATUS", "HANDLERS", "PENDING", "RUN", "")
                    .paint(2, shared.screen().style()::status)
                    .right(3)
                    .right(4);
            var pipelines = Pipelines.of(pawl);
            List<PipelineInfo> page = pipelines.list(null, PAGE);
            while (!page.isEmpty()) {
                for (PipelineInfo pipeline : page) show(pipeline, table);
                page = pipelines.list(page.getLast().name(), PAGE);
            }
            if (shared.json()) return Exit.DONE;
            if (table.isEmpty()) shared.screen().say("No pipeline was started yet: pawl pipeline start NAME");
            else table.print(shared.screen());
        }
        return Exit.DONE;
    }

    private void show(PipelineInfo info, Table table) {
        if (shared.json()) {
            shared.screen().print(PipelineDocument.of(info).toString());
            return;
        }
        table.row(
                info.name(),
                info.version(),
                info.status().name(),
                String.valueOf(info.handlers().size()),
                String.valueOf(info.pending()),
                info.run().toString(),
                remark(info));
    }

    private static String remark(PipelineInfo info) {
        if (info.detail() != null) return "by " + info.detail();
        if (info.reason() == Reason.INDETERMINATE) return "needs you: pawl inbox";
        if (info.problem() == null) return "";
        return info.reason() + ": " + NeedPage.words(Problem.parse(info.problem()));
    }
}
