package dev.pawl.cli;

import dev.pawl.schedule.ScheduleInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Schedules as JSON for machines. Times are ISO 8601 in UTC; what does not apply is null. */
final class ScheduleDocument {

    private ScheduleDocument() {}

    /** @param times how many of the next times */
    static ObjectNode of(ScheduleInfo info, int times) {
        var document = JsonText.object();
        document.put("name", info.name())
                .put("run", info.run().toString())
                .put("status", info.status().name())
                .put("held", info.heldBy());
        document.set("schedule", RunDocument.tree(info.schedule().toJson()));
        var next = document.putArray("next");
        info.next(times).forEach(time -> next.add(time.toString()));
        document.put("last", text(info.lastPlanned()))
                .put("lastRun", info.lastRun() == null ? null : info.lastRun().toString())
                .put("open", info.state().open().size())
                .put("queued", info.state().queued() != null)
                .put("fired", info.state().fired())
                .put("skipped", info.state().skipped())
                .put("missed", info.state().missed())
                .put("triggers", info.triggers())
                .put("trouble", info.trouble());
        return document;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
