package dev.pawl.bench;

import java.util.List;

/** A flow of three steps: each is a task of its own. */
final class FlowRows extends Rows {

    private static final List<String> NAMES = List.of("first", "second", "third");

    @Override
    boolean endsTask(Change change) {
        return !change.first();
    }

    @Override
    boolean createsTask(Change change) {
        return !change.last();
    }

    @Override
    boolean recorded(Change change) {
        return false;
    }

    @Override
    String program() {
        return PawlRuns.FLOW.name();
    }

    @Override
    String ended(Change change) {
        return NAMES.get(change.ended() - 1);
    }

    @Override
    String created(Change change) {
        return NAMES.get(change.ended());
    }

    @Override
    String state(Change change) {
        var text = new StringBuilder();
        for (int i = 0; i <= Math.min(change.ended(), Work.STEPS - 1); i++) {
            text.append(i == 0 ? "{\"" : ",\"").append(NAMES.get(i));
            text.append(i < change.ended() ? "\":\"succeeded\"" : "\":\"running\"");
        }
        return text.append('}').toString();
    }

    /** Three of the submission, and two of every end of a task. */
    @Override
    int seq(Change change) {
        return change.first() ? 1 : 2 + 2 * change.ended();
    }

    @Override
    String events(Change change) {
        var text = new StringBuilder();
        if (change.first()) {
            text.append("run.queued - {\"actor\":\"\"}\nrun.started - {}");
        } else {
            text.append("task.succeeded ").append(ended(change)).append("[0] {\"attempt\":1}");
        }
        if (change.last()) {
            text.append("\nrun.succeeded - {}");
        } else {
            text.append("\ntask.started ")
                    .append(created(change))
                    .append("[0] {\"attempt\":1,\"worker\":")
                    .append(WORKER)
                    .append('}');
        }
        return text.toString();
    }
}
