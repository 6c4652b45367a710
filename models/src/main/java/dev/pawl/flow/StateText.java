package dev.pawl.flow;

import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.json.JsonScan;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a run's state: a JSON object with a member for each step, but for those that wait.
 *
 * Read and written by hand and not by a JSON library, because this happens at the end of every task. Only what
 * {@link #write} wrote is read: no white space, and no escapes outside of embedded values.
 */
final class StateText {

    // {"split":{"status":"succeeded","size":3},"score":{"status":"running","size":3,"made":3,"done":1},"mail":"running"}

    /** What the text says, part by part. */
    interface Reader {
        void step(String name, StepState state);

        /**
         * @param size the size of the run's input, -1 if it is no list
         * @param problem why the run will fail, or null
         */
        void run(int size, @Nullable Json problem);
    }

    private final String text;
    private int at;

    private StateText(String text) {
        this.text = text;
    }

    static void read(Json state, Reader reader) {
        new StateText(state.text()).readAll(reader);
    }

    private void readAll(Reader reader) {
        at = 1;
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == ',') at++;
            String name = word();
            at++;
            if (name.equals(Names.RUN)) readRun(reader);
            else reader.step(name, text.charAt(at) == '"' ? StepState.plain(word()) : readStep());
        }
    }

    private StepState readStep() {
        var status = StepState.Status.WAITING;
        int size = -1;
        int made = 0;
        int done = 0;
        int failed = 0;
        SkipReason reason = null;
        Payload output = null;
        while (text.charAt(at) != '}') {
            at++;
            String key = word();
            at++;
            switch (key) {
                case "status" -> status = StepState.Status.of(word());
                case "size" -> size = number();
                case "made" -> made = number();
                case "done" -> done = number();
                case "failed" -> failed = number();
                case "reason" -> reason = SkipReason.of(word());
                case "output" -> output = new Payload(value());
                case "artifact" -> output = Payload.artifact(word());
                default -> throw new IllegalStateException("A run's state has an unknown key: " + key);
            }
        }
        at++;
        return new StepState(status, size, made, done, failed, reason, output);
    }

    private void readRun(Reader reader) {
        int size = -1;
        Json problem = null;
        while (text.charAt(at) != '}') {
            at++;
            String key = word();
            at++;
            if (key.equals("size")) size = number();
            else problem = new Json(value());
        }
        at++;
        reader.run(size, problem);
    }

    private String word() {
        int from = at + 1;
        int to = text.indexOf('"', from);
        at = to + 1;
        return text.substring(from, to);
    }

    private int number() {
        int number = 0;
        for (char c = text.charAt(at); c >= '0' && c <= '9'; c = text.charAt(++at)) number = number * 10 + (c - '0');
        return number;
    }

    private String value() {
        int from = at;
        at = JsonScan.valueEnd(text, from);
        return text.substring(from, at);
    }

    static void writeRun(StringBuilder out, int size, @Nullable Json problem) {
        if (size < 0 && problem == null) return;
        out.append(",\"").append(Names.RUN).append("\":{");
        int start = out.length();
        if (size >= 0) out.append(",\"size\":").append(size);
        if (problem != null) out.append(",\"problem\":").append(problem.text());
        out.deleteCharAt(start).append('}');
    }

    static void write(StringBuilder out, String name, StepState step) {
        if (step.is(StepState.Status.WAITING)) return;
        out.append(",\"").append(name).append("\":");
        boolean plain = step.size() < 0 && step.reason() == null && step.output() == null;
        if (plain) {
            out.append('"').append(step.status().word).append('"');
            return;
        }
        out.append("{\"status\":\"").append(step.status().word).append('"');
        if (step.size() >= 0) out.append(",\"size\":").append(step.size());
        count(out, ",\"made\":", step.made());
        count(out, ",\"done\":", step.done());
        count(out, ",\"failed\":", step.failed());
        if (step.reason() != null) {
            out.append(",\"reason\":\"").append(step.reason().word).append('"');
        }
        if (step.output() != null) write(out, step.output());
        out.append('}');
    }

    private static void count(StringBuilder out, String key, int number) {
        if (number > 0) out.append(key).append(number);
    }

    private static void write(StringBuilder out, Payload output) {
        if (output.isArtifact())
            out.append(",\"artifact\":\"").append(output.reference()).append('"');
        else out.append(",\"output\":").append(output.stored());
    }
}
