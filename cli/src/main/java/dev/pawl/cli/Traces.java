package dev.pawl.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What tasks say about themselves outside the engine: files in a folder, one for each process, to which a line is
 * appended when a task begins and when it ends, {@code TASK PID BEGIN}.
 */
record Traces(Path folder) {

    private static final String SUFFIX = ".trace";

    /** What a line is about. */
    enum Mark {
        BEGIN,
        END
    }

    /** One line. */
    record Line(String task, long pid, Mark mark) {}

    void append(String task, Mark mark) throws IOException {
        long pid = ProcessHandle.current().pid();
        Files.writeString(
                folder.resolve(pid + SUFFIX),
                task + ' ' + pid + ' ' + mark + '\n',
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** All lines; a last one that a kill has cut short is left out. */
    List<Line> read() throws IOException {
        var lines = new ArrayList<Line>();
        try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String text = Files.readString(file);
                for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
                    String[] parts = line.split(" ");
                    if (parts.length == 3)
                        lines.add(new Line(parts[0], Long.parseLong(parts[1]), Mark.valueOf(parts[2])));
                }
            }
        }
        return lines;
    }

    /** A set of labels in the order of their numbers: {@code count[9]} before {@code count[10]}. */
    static Set<String> labels() {
        return new TreeSet<>(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
    }

    /** How often each task of a step has left this mark. */
    static Map<String, Integer> times(List<Line> lines, String step, Mark mark) {
        var times = new TreeMap<String, Integer>();
        for (Line line : lines) {
            if (line.mark() == mark && line.task().startsWith(step + "[")) times.merge(line.task(), 1, Integer::sum);
        }
        return times;
    }
}
