package dev.pawl.examples;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.pawl.core.Failure;
import dev.pawl.flow.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the files of a folder with their lines, words and bytes, by kind: lists them, maps over them, sums up.
 *
 * <p>Small files go together into one task, so that a folder of thousands is no more than about 200 tasks.
 */
public final class Census {

    private static final int MOST_TASKS = 200;
    private static final long TASK_BYTES = 8 << 20;

    /** Where to count: {@code {"folder": "src"}}, or just {@code "src"}. Relative to where the worker runs. */
    public record Folder(String folder) {
        @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
        public Folder {}

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Folder of(String folder) {
            return new Folder(folder);
        }
    }

    /** Files that one task counts. */
    public record Batch(List<String> files) {}

    /** What files of one kind come to. */
    public record Kind(long files, long lines, long words) {
        Kind plus(Kind other) {
            return new Kind(files + other.files, lines + other.lines, words + other.words);
        }
    }

    /**
     * What files come to.
     *
     * @param kinds by the end of the file's name from the last dot on, as it is written: {@code .java}. A name without a
     *     dot, or with none but the first character, is {@value #NO_KIND}: {@code LICENSE}, {@code .gitignore}
     */
    public record Report(long files, long lines, long words, long bytes, Map<String, Kind> kinds) {
        static final Report NOTHING = new Report(0, 0, 0, 0, Map.of());

        Report plus(Report other) {
            var all = new TreeMap<>(kinds);
            other.kinds.forEach((name, kind) -> all.merge(name, kind, Kind::plus));
            return new Report(files + other.files, lines + other.lines, words + other.words, bytes + other.bytes, all);
        }
    }

    private static final String NO_KIND = "(none)";

    /** The flow. */
    public static final Flow<Folder, Report> FLOW = Flow.define("census", Folder.class, (f, folder) -> {
        var files = f.list("list", Batch.class, folder, Census::list);
        var counts = f.map("count", Report.class, files, Census::count);
        return f.step("total", Report.class, counts, Census::total);
    });

    private Census() {}

    private static List<Batch> list(Folder given) throws IOException {
        Path folder = FileList.path(given.folder());
        if (!Files.isDirectory(folder)) {
            throw new Failure.Logic("There is no folder " + folder.toAbsolutePath() + " where this worker runs.");
        }
        var files = FileList.of(folder.toRealPath());
        int many = Math.max(1, (files.size() + MOST_TASKS - 1) / MOST_TASKS);
        var batches = new ArrayList<Batch>();
        var batch = new ArrayList<String>();
        long bytes = 0;
        for (var file : files) {
            batch.add(FileList.name(file.path()));
            bytes += file.size();
            if (batch.size() < many && bytes < TASK_BYTES) continue;
            batches.add(new Batch(List.copyOf(batch)));
            batch.clear();
            bytes = 0;
        }
        if (!batch.isEmpty()) batches.add(new Batch(List.copyOf(batch)));
        return batches;
    }

    private static Report count(Batch batch) throws IOException {
        var report = Report.NOTHING;
        for (String name : batch.files()) report = report.plus(count(FileList.path(name)));
        return report;
    }

    private static Report count(Path file) throws IOException {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            var count = WordCount.of(in);
            return new Report(
                    1,
                    count.lines(),
                    count.words(),
                    count.bytes(),
                    Map.of(kind(file), new Kind(1, count.lines(), count.words())));
        } catch (NoSuchFileException gone) {
            throw new Failure.Logic(
                    file + " was there when the folder was listed, and is gone. Start another census.", gone);
        }
    }

    private static String kind(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot <= 0 || dot == name.length() - 1 ? NO_KIND : name.substring(dot);
    }

    private static Report total(List<Report> counts) {
        return counts.stream().reduce(Report.NOTHING, Report::plus);
    }
}
