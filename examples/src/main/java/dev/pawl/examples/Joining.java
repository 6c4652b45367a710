package dev.pawl.examples;

import dev.pawl.flow.Flow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Several dependencies: three steps read the same text side by side, and a fourth waits for all of them. */
public final class Joining {

    /** A text. */
    public record Text(String text) {}

    /** What is said about it. */
    public record Summary(int words, int sentences, String longestWord) {}

    /** The flow. */
    public static final Flow<Text, Summary> FLOW = Flow.define("joining", Text.class, (f, text) -> {
        var words = f.list("words", String.class, text, t -> split(t.text(), "\\W+"));
        var sentences = f.list("sentences", String.class, text, t -> split(t.text(), "[.!?]+"));
        var longest = f.step(
                "longest",
                String.class,
                words,
                all -> all.stream().max(Comparator.comparingInt(String::length)).orElse(""));
        return f.step(
                "summary",
                Summary.class,
                words,
                sentences,
                longest,
                (all, parts, word) -> new Summary(all.size(), parts.size(), word));
    });

    private Joining() {}

    private static List<String> split(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .filter(part -> !part.isBlank())
                .toList();
    }
}
