package dev.pawl.store;

import dev.pawl.core.Definition;
import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Input;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.core.WorkerInfo;
import dev.pawl.spi.StoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From rows to the words of the kernel, and the stored forms of what is more than one column. */
final class Rows {

    private static final String COLLECTED = "values:";
    private static final String COLLECTED_WITH_ERRORS = "partial:";

    private Rows() {}

    static RunId id(ResultSet row) throws SQLException {
        return RunId.of(row.getBytes("id"));
    }

    static Run run(ResultSet row) throws SQLException {
        if (row.getInt("format") > FORMAT) {
            throw new StoreException.Unusable(
                    "Run %s was written by a newer Pawl, in form %d; this version reads up to form %d. Use the newer version."
                            .formatted(id(row), row.getInt("format"), FORMAT),
                    null);
        }
        String reason = text(row, "reason");
        return new Run(
                id(row),
                row.getInt("definition"),
                RunStatus.valueOf(row.getString("status")),
                reason == null ? null : Reason.valueOf(reason),
                placement(row),
                new Json(row.getString("state")),
                row.getInt("seq"),
                number(row, "started_at"),
                number(row, "deadline_at"),
                new Run.Family(
                        runId(row, "parent_id"),
                        row.getInt("parent_number"),
                        row.getInt("children"),
                        row.getInt("mail")),
                text(row, "undo"));
    }

    static RunDetails details(ResultSet row) throws SQLException {
        Run run = run(row);
        String link = text(row, "link");
        // What a run was held or blocked for stays in its row, and is shown only while that is so.
        boolean troubled = run.status() == RunStatus.FAILED || run.status() == RunStatus.BLOCKED;
        return new RunDetails(
                run,
                row.getString("program"),
                row.getString("version"),
                text(row, "once_key"),
                new Payload(row.getString("input")),
                payload(row, "output"),
                collected(text(row, "collected")),
                troubled ? json(row, "problem") : null,
                run.status() == RunStatus.PAUSED ? text(row, "detail") : null,
                row.getLong("created_at"),
                number(row, "ended_at"),
                runId(row, "retry_of"),
                link == null ? null : Link.valueOf(link),
                text(row, "slot"),
                json(row, "labels"));
    }

    /** What labels look like that hold one, for {@code like ... escape '!'}. */
    static String holding(Map.Entry<String, String> label) {
        String text = Json.quote(label.getKey()) + ":" + Json.quote(label.getValue());
        return "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    private static @Nullable RunId runId(ResultSet row, String column) throws SQLException {
        byte[] id = row.getBytes(column);
        return id == null ? null : RunId.of(id);
    }

    static TaskKey key(ResultSet row) throws SQLException {
        return new TaskKey(RunId.of(row.getBytes("run_id")), row.getString("name"), row.getInt("idx"));
    }

    static Task task(ResultSet row) throws SQLException {
        return new Task(
                key(row),
                TaskStatus.valueOf(row.getString("status")),
                row.getInt("definition"),
                placement(row),
                row.getInt("attempt"),
                row.getInt("returned"),
                row.getInt("lost"),
                row.getInt("stalls"),
                row.getLong("wake_at"),
                row.getInt("held") == 1,
                integer(row, "worker"));
    }

    static TaskDetails taskDetails(ResultSet row) throws SQLException {
        return new TaskDetails(
                task(row),
                payload(row, "output"),
                json(row, "problem"),
                row.getLong("created_at"),
                number(row, "started_at"),
                number(row, "ended_at"),
                row.getInt("parked") == 1,
                number(row, "alive_at"));
    }

    static Effect effect(ResultSet row) throws SQLException {
        return new Effect(
                row.getInt("ordinal"),
                row.getInt("revision"),
                row.getInt("attempt"),
                row.getLong("at"),
                row.getString("kind"),
                EffectStatus.valueOf(row.getString("status")),
                row.getString("label"),
                json(row, "request"),
                payload(row, "value"),
                json(row, "problem"));
    }

    static Message message(ResultSet row) throws SQLException {
        return new Message(
                RunId.of(row.getBytes("run_id")),
                row.getInt("seq"),
                row.getString("name"),
                text(row, "id"),
                new Payload(row.getString("payload")),
                row.getString("actor"),
                row.getLong("at"),
                MessageStatus.valueOf(row.getString("status")),
                row.getInt("delivery"),
                text(row, "reserved_by"));
    }

    static InputDetails input(ResultSet row) throws SQLException {
        return new InputDetails(
                row.getInt("number"),
                new Input(row.getString("source"), row.getString("type"), row.getString("id"), row.getString("title")),
                row.getLong("at"),
                row.getInt("pending"),
                row.getInt("done"));
    }

    static Definition definition(ResultSet row) throws SQLException {
        return new Definition(
                row.getInt("id"), row.getString("program"), row.getString("version"), new Json(row.getString("shape")));
    }

    static WorkerInfo worker(ResultSet row) throws SQLException {
        return new WorkerInfo(
                row.getInt("id"),
                row.getString("host"),
                lines(row.getString("queues")).toList(),
                lines(row.getString("definitions")).map(Integer::valueOf).toList(),
                row.getInt("slots"),
                row.getLong("started_at"),
                row.getLong("seen_at"),
                row.getInt("stopped") == 1);
    }

    static QueueLimit limit(ResultSet row) throws SQLException {
        return new QueueLimit(row.getString("name"), integer(row, "max_running"), integer(row, "max_per_key"));
    }

    /** The stored form of a list: a line each. */
    static String lines(List<?> values) {
        return String.join("\n", values.stream().map(Object::toString).toList());
    }

    private static Stream<String> lines(String stored) {
        return stored.isEmpty() ? Stream.empty() : Stream.of(stored.split("\n", -1));
    }

    /** The output of a run when it is a value. */
    static @Nullable String value(Plan.@Nullable Output output) {
        return output instanceof Plan.Output.Value value ? value.payload().stored() : null;
    }

    /** Where the output of a run is found when it is that of a step's tasks. */
    static @Nullable String collected(Plan.@Nullable Output output) {
        if (!(output instanceof Plan.Output.Collected collected)) return null;
        return (collected.withErrors() ? COLLECTED_WITH_ERRORS : COLLECTED) + collected.step();
    }

    private static Plan.Output.@Nullable Collected collected(@Nullable String stored) {
        if (stored == null) return null;
        boolean withErrors = stored.startsWith(COLLECTED_WITH_ERRORS);
        return new Plan.Output.Collected(
                stored.substring((withErrors ? COLLECTED_WITH_ERRORS : COLLECTED).length()), withErrors);
    }

    static @Nullable String text(@Nullable Json json) {
        return json == null ? null : json.text();
    }

    static @Nullable String text(@Nullable Payload payload) {
        return payload == null ? null : payload.stored();
    }

    /** The stored form of a priority, in the order of the claim. */
    static int level(Priority priority) {
        return switch (priority) {
            case HIGH -> 0;
            case NORMAL -> 1;
            case LOW -> 2;
        };
    }

    private static Priority priority(int level) {
        return switch (level) {
            case 0 -> Priority.HIGH;
            case 1 -> Priority.NORMAL;
            default -> Priority.LOW;
        };
    }

    /** The version of the form in which runs are written now. */
    static final int FORMAT = 2;

    private static Placement placement(ResultSet row) throws SQLException {
        return new Placement(row.getString("queue"), priority(row.getInt("priority")), row.getString("limit_key"));
    }

    private static @Nullable String text(ResultSet row, String column) throws SQLException {
        return row.getString(column);
    }

    private static @Nullable Payload payload(ResultSet row, String column) throws SQLException {
        String stored = row.getString(column);
        return stored == null ? null : new Payload(stored);
    }

    private static @Nullable Json json(ResultSet row, String column) throws SQLException {
        String stored = row.getString(column);
        return stored == null ? null : new Json(stored);
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }
}
