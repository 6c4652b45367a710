package dev.pawl.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The journal of the load generator: a submission is in the file before it is sent, and its acknowledgement as soon as it
 * has come. Thread-safe.
 */
final class Submissions {

    private static final String INTENDED = "intended";
    private static final String ACKNOWLEDGED = "acknowledged";
    private static final String SIGNALLED = "signalled";
    private static final String HEARD = "heard";
    private static final String CANCELLED = "cancelled";

    private final Path file;

    Submissions(Path file) throws IOException {
        this.file = Files.createFile(file);
    }

    /** To be called before it is sent. None of the words has a blank in it. */
    void intended(String key, String program, String input) throws IOException {
        append(INTENDED + " " + key + " " + program + " " + input);
    }

    /** To be called as soon as the run's id has come back. */
    void acknowledged(String key, String run) throws IOException {
        append(ACKNOWLEDGED + " " + key + " " + run);
    }

    /** To be called before a signal is sent to the run that was submitted with a key. */
    void signalled(String key, String id) throws IOException {
        append(SIGNALLED + " " + key + " " + id);
    }

    /** To be called as soon as the signal is known to have arrived. */
    void heard(String key, String id) throws IOException {
        append(HEARD + " " + key + " " + id);
    }

    /** To be called as soon as a cancellation was acknowledged. */
    void cancelled(String key) throws IOException {
        append(CANCELLED + " " + key);
    }

    private synchronized void append(String line) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    }

    /** Everything in a journal, in the order of the intents. */
    static List<Submission> in(Path file) throws IOException {
        var all = new LinkedHashMap<String, Submission>();
        for (String line : Files.readAllLines(file)) {
            var words = line.split(" ");
            switch (words[0]) {
                case INTENDED -> all.put(words[1], new Submission(words[1], words[2], words[3], List.of()));
                case ACKNOWLEDGED -> all.computeIfPresent(words[1], (key, one) -> one.acknowledged(words[2]));
                case SIGNALLED -> all.computeIfPresent(words[1], (key, one) -> one.signalled(words[2]));
                case HEARD -> all.computeIfPresent(words[1], (key, one) -> one.heard(words[2]));
                case CANCELLED -> all.computeIfPresent(words[1], (key, one) -> one.cancelled(true));
                default -> throw new IllegalArgumentException("Not a line of the journal: " + line);
            }
        }
        return List.copyOf(all.values());
    }
}
