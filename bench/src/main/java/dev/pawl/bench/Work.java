package dev.pawl.bench;

import java.util.List;
import java.util.stream.IntStream;

/** The steps that every contender runs: they cost nothing, so that what is measured is the engine around them. */
final class Work {

    /** Steps of a flow. */
    static final int STEPS = 3;

    private static final int BYTES = 100;

    private Work() {}

    /** What the steps of a run are called that has so many. */
    static List<String> names(int steps) {
        return IntStream.rangeClosed(1, steps)
                .mapToObj(number -> "step-" + number)
                .toList();
    }

    /** The input of one run: about 100 bytes, different for each run. */
    static String input(long number) {
        return padded("input of run " + number + ' ');
    }

    /** One step: takes what the step before it returned, and returns about 100 bytes. */
    static String step(int number, String before) {
        return padded("step " + number + " after " + before.substring(0, 20) + ' ');
    }

    private static String padded(String text) {
        return text + "x".repeat(Math.max(0, BYTES - text.length()));
    }
}
