package dev.pawl.cli;

import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.flow.FlowProgress;

/** One line on a terminal that is written over and over while a run goes on; nothing where nobody looks. */
final class ProgressLine {

    private static final String CLEAR = "\r\u001b[2K";
    private static final int BAR = 20;
    private static final char[] SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".toCharArray();

    private final Screen screen;
    private int turn;
    private boolean shown;

    ProgressLine(Screen screen) {
        this.screen = screen;
    }

    void show(RunDetails run, String remark) {
        if (!screen.live()) return;
        var style = screen.errStyle();
        String head = SPINNER[turn++ % SPINNER.length] + " " + run.program().replaceFirst("^\\w+:", "") + " ";
        String text = Text.cut(head + steps(run) + (remark.isEmpty() ? "" : "  " + remark), screen.width() - 1);
        boolean held = run.status() == RunStatus.PAUSED || run.status() == RunStatus.BLOCKED;
        screen.err().print(CLEAR + (held ? style.held(text) : style.busy(text)));
        screen.err().flush();
        shown = true;
    }

    void clear() {
        if (!shown) return;
        screen.err().print(CLEAR);
        screen.err().flush();
        shown = false;
    }

    private static String steps(RunDetails run) {
        if (!run.program().startsWith("flow:")) return run.status().name();
        var text = new StringBuilder();
        int over = 0;
        for (var step : FlowProgress.of(run.run().state()).steps()) {
            if (!step.status().equals("running") && !step.status().equals("checking")) {
                over++;
                continue;
            }
            text.append(text.isEmpty() ? "" : " · ").append(step(step));
        }
        if (text.isEmpty()) text.append(run.status());
        return Text.count(over, "step") + " done · " + text;
    }

    private static String step(FlowProgress.OfStep step) {
        if (step.total() <= 1) return step.name();
        int filled = (int) ((long) BAR * (step.done() + step.failed()) / step.total());
        return "%s %s%s %,d/%,d%s, %,d open"
                .formatted(
                        step.name(),
                        "█".repeat(filled),
                        "░".repeat(BAR - filled),
                        step.done(),
                        step.total(),
                        step.failed() == 0 ? "" : String.format(", %,d failed", step.failed()),
                        step.running());
    }
}
