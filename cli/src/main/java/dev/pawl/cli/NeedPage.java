package dev.pawl.cli;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Need;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What needs somebody, as people like to read it. */
final class NeedPage {

    private static final int SHOWN = 300;

    private final Screen screen;
    private final long now;
    private boolean begun;

    NeedPage(Screen screen, long now) {
        this.screen = screen;
        this.now = now;
    }

    void print(Need need) {
        if (begun) screen.print("");
        begun = true;
        screen.print(screen.style().bold(kind(need)) + "  "
                + screen.style().faint(need.run().program()));
        line("Run", need.run().id() + paused(need.run()));
        details(need);
    }

    /** Without the run, for who looks at that anyway. */
    void details(Need need) {
        switch (need) {
            case Need.Change change -> change(change);
            case Need.Approval approval -> approval(approval);
            case Need.Hold hold -> hold(hold);
        }
        line("Since", Text.time(need.since()) + " (" + Text.duration(now - need.since()) + ")");
        String label = "Say";
        for (String command : need.commands()) {
            line(label, screen.style().good(command));
            label = "or";
        }
    }

    static String kind(Need need) {
        return switch (need) {
            case Need.Change ignored -> "Did it happen?";
            case Need.Approval ignored -> "Approve?";
            case Need.Hold hold -> "Blocked: " + hold.why();
        };
    }

    private static String paused(RunDetails run) {
        return run.status() == RunStatus.PAUSED ? " (also paused by " + run.detail() + ")" : "";
    }

    private void change(Need.Change change) {
        line("Change", change.title() + " (" + change.task().label() + ")");
        request(change.request());
        if (change.key() != null) line("Key", change.key());
        line("Tried", tried(change));
        var problem = change.problem();
        if (problem != null) line("Failed", screen.style().bad(words(problem)));
        if (change.answer() != null) line("Answer", screen.style().bad(words(change.answer())));
    }

    /** {@code began 10:00:00.000, asked 3 times, last at 10:05:10.000}. */
    private static String tried(Need.Change change) {
        var words = new StringBuilder();
        for (var each : change.tries()) {
            if (each.status() != EffectStatus.BEGUN) continue;
            words.append(words.isEmpty() ? "began " : ", ").append(Text.time(each.at()));
        }
        if (change.asked() == 0) {
            return words
                    + (change.mayBeAsked() ? ", the other side was not asked" : ", the other side cannot be asked");
        }
        words.append(", the other side was asked ").append(Text.count(change.asked(), "time"));
        return words + (change.asked() == 1 ? " at " : ", last at ") + Text.clock(change.since());
    }

    private void approval(Need.Approval approval) {
        line("Question", approval.title());
        line("Asked by", approval.task().label() + (approval.byPolicy() ? ", for the policy" : ""));
        request(approval.request());
    }

    private void hold(Need.Hold hold) {
        if (hold.problem() != null) line("Because", screen.style().bad(words(hold.problem())));
        line("First", hold.release());
    }

    static String words(@Nullable Problem problem) {
        return problem == null ? "" : Text.cut(Trouble.problem(problem.toJson()), SHOWN);
    }

    private void request(@Nullable Json request) {
        if (request != null)
            line("Request", Text.cut(Objects.requireNonNull(request).text(), SHOWN));
    }

    private void line(String name, String value) {
        screen.print("  " + screen.style().faint("%-10s".formatted(name)) + value);
    }
}
