package dev.pawl.examples;

import dev.pawl.boundary.Strictness;
import dev.pawl.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Long work with a checkpoint: reads all text files of a folder and counts where a word is mentioned. Killed in the middle,
 * it goes on behind the last checkpoint; paused, it stops at the next file.
 */
public final class Research {

    /** What to look for, and where. */
    public record Query(String folder, String word) {}

    /** The files that mention the word, most often first. */
    public record Summary(int read, List<String> mentions) {}

    /** How far it is. */
    public record Seen(int files, Map<String, Integer> mentions) {
        static final Seen NOTHING = new Seen(0, Map.of());

        Seen plus(String file, int count) {
            if (count == 0) return new Seen(files + 1, mentions);
            var all = new TreeMap<>(mentions);
            all.put(file, count);
            return new Seen(files + 1, all);
        }
    }

    /** The job. Thirty seconds without a sign of life mean that it hangs. */
    public static final Job<Query, Summary> JOB = Job.define("research", Query.class, Summary.class, (job, query) -> {
                var files = job.call("list", FileNames.class, () -> FileNames.in(Path.of(query.folder())));
                var seen = job.checkpoint(Seen.class).orElse(Seen.NOTHING);
                while (seen.files() < files.names().size()) {
                    String file = files.names().get(seen.files());
                    seen = seen.plus(file, count(Path.of(query.folder(), file), query.word()));
                    job.checkpoint(seen);
                    job.progress(seen.files(), files.names().size(), file);
                }
                return summary(seen);
            })
            .staleAfter(Duration.ofSeconds(30))
            .boundary(Strictness.OFF); // it reads files beside its journal, as checkpoints are to keep how far it came

    private Research() {}

    /** What is to be read, in a fixed order: the folder may change meanwhile. */
    public record FileNames(List<String> names) {
        static FileNames in(Path folder) throws IOException {
            try (var files = Files.walk(folder)) {
                return new FileNames(files.filter(Files::isRegularFile)
                        .map(file -> folder.relativize(file).toString())
                        .sorted()
                        .toList());
            }
        }
    }

    private static int count(Path file, String word) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.mapToInt(line -> line.split(word, -1).length - 1).sum();
        } catch (UncheckedIOException unreadable) {
            if (unreadable.getCause() instanceof MalformedInputException) return 0; // no text
            throw unreadable.getCause();
        }
    }

    private static Summary summary(Seen seen) {
        var mentions = seen.mentions().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(mention -> mention.getValue() + " " + mention.getKey())
                .toList();
        return new Summary(seen.files(), mentions);
    }
}
