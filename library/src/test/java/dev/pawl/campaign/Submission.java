package dev.pawl.campaign;

import java.util.List;

/**
 * What the load generator wanted, and what it was told.
 *
 * @param key what {@code Submit.once} was given
 * @param acknowledged the runs whose ids came back, one for each time that it was submitted with success
 * @param signals what was sent to the run, in that order
 * @param cancelled whether its cancellation was acknowledged
 */
record Submission(
        String key, String program, String input, List<String> acknowledged, List<Signal> signals, boolean cancelled) {

    /** One that was left alone afterwards. */
    Submission(String key, String program, String input, List<String> acknowledged) {
        this(key, program, input, acknowledged, List.of(), false);
    }

    /**
     * A signal.
     *
     * @param id of the message, and its payload
     * @param acknowledged whether it is known to have arrived
     */
    record Signal(String id, boolean acknowledged) {}

    Submission acknowledged(String run) {
        return new Submission(key, program, input, and(acknowledged, run), signals, cancelled);
    }

    Submission signalled(String id) {
        if (signals.stream().anyMatch(signal -> signal.id().equals(id))) return this; // it is sent again
        return new Submission(key, program, input, acknowledged, and(signals, new Signal(id, false)), cancelled);
    }

    Submission heard(String id) {
        var heard = signals.stream()
                .map(signal -> signal.id().equals(id) ? new Signal(id, true) : signal)
                .toList();
        return new Submission(key, program, input, acknowledged, heard, cancelled);
    }

    Submission cancelled(boolean now) {
        return new Submission(key, program, input, acknowledged, signals, now);
    }

    private static <T> List<T> and(List<T> list, T one) {
        return java.util.stream.Stream.concat(list.stream(), java.util.stream.Stream.of(one))
                .toList();
    }
}
