package dev.pawl.store;

import dev.pawl.core.Input;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Message;
import dev.pawl.core.RunId;
import dev.pawl.spi.Tx.Cause;
import dev.pawl.spi.Tx.Inheritance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the messages of runs come from, on one connection. Runs are locked by the caller where something is written. */
final class Inputs {

    private final Session session;

    Inputs(Session session) {
        this.session = session;
    }

    private record Known(String source, String type, String id) {
        static Known as(Input input) {
            return new Known(input.source(), input.type(), input.id());
        }
    }

    private record Numbered(int number, Input input) {}

    int[] register(RunId run, List<Input> inputs, long at) {
        if (inputs.isEmpty()) return new int[0];
        var newest = new LinkedHashMap<Known, Input>();
        for (Input input : inputs) newest.put(Known.as(input), input);
        var numbers = new HashMap<Known, Integer>();
        keys(session.batch("input.known", List.copyOf(newest.values())).all("run_id", run.bytes()))
                .list(row -> numbers.put(
                        new Known(row.getString("source"), row.getString("type"), row.getString("id")),
                        row.getInt("number")));
        int next = numbers.size() == newest.size() ? 0 : last(run) + 1;
        var rows = new ArrayList<Numbered>();
        for (var one : newest.entrySet()) {
            if (!numbers.containsKey(one.getKey())) numbers.put(one.getKey(), next++);
            rows.add(new Numbered(number(numbers, one.getValue()), one.getValue()));
        }
        session.batch("input.register", rows)
                .all("run_id", run.bytes())
                .ints("number", Numbered::number)
                .texts("source", row -> row.input().source())
                .texts("type", row -> row.input().type())
                .texts("id", row -> row.input().id())
                .texts("title", row -> row.input().title())
                .all("at", at)
                .update();
        return inputs.stream().mapToInt(input -> number(numbers, input)).toArray();
    }

    private static Batch<Input> keys(Batch<Input> batch) {
        return batch.texts("source", Input::source).texts("type", Input::type).texts("id", Input::id);
    }

    private static int number(Map<Known, Integer> numbers, Input input) {
        return numbers.getOrDefault(Known.as(input), 0);
    }

    private int last(RunId run) {
        return session.call("input.newest")
                .set("run_id", run)
                .first(row -> row.getInt("number"))
                .orElseThrow();
    }

    void caused(List<Cause> causes) {
        session.batch("cause.insert", causes)
                .ids("run_id", Cause::run)
                .ints("input", Cause::input)
                .ints("message", Cause::message)
                .update();
    }

    void inherited(List<Inheritance> messages) {
        session.batch("cause.inherit", messages)
                .ids("run_id", Inheritance::run)
                .texts("by", Inheritance::by)
                .ints("message", Inheritance::message)
                .update();
    }

    List<InputDetails> list(RunId run, int after, int limit) {
        return session.call("input.list")
                .set("run_id", run)
                .set("after", after)
                .set("limit", limit)
                .list(Rows::input);
    }

    /** Those that a message comes from. */
    List<InputDetails> of(RunId run, int message) {
        return session.call("input.of_message")
                .set("run_id", run)
                .set("message", message)
                .list(Rows::input);
    }

    /** The messages that come from an input. */
    List<Message> caused(RunId run, int input) {
        return session.call("message.caused")
                .set("run_id", run)
                .set("input", input)
                .list(Rows::message);
    }
}
