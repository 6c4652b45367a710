package dev.pawl.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The files of a folder counted by {@code find} and {@code wc}, which know nothing of Pawl. */
record Recount(long files, long lines, long words, long bytes) {

    private static final Pattern LINE = Pattern.compile("\\s*(\\d+)\\s+(\\d+)\\s+(\\d+) (.*)");
    private static final String SCRIPT =
            "find . \\( -name .git -o -name target -o -name node_modules \\) -type d -prune -o -type f -print0"
                    + " | LC_ALL=C xargs -0 wc -l -w -c /dev/null";
    private static final int SECONDS = 20;

    /** Counts; empty where there is no such tool, or a file cannot be read. */
    static Optional<Recount> of(Path folder) throws InterruptedException {
        try {
            var process = new ProcessBuilder("sh", "-c", SCRIPT)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            List<String> lines;
            try (var reader = process.inputReader(java.nio.charset.StandardCharsets.ISO_8859_1)) {
                lines = reader.lines().toList();
            }
            boolean well = process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            return well ? Optional.of(sum(lines)) : Optional.empty();
        } catch (IOException noShell) {
            return Optional.empty();
        }
    }

    private static Recount sum(List<String> lines) {
        long[] sums = new long[4];
        for (String line : lines) {
            var matcher = LINE.matcher(line);
            if (!matcher.matches() || !matcher.group(4).startsWith("./")) continue; // a total, or /dev/null
            sums[0]++;
            for (int i = 1; i < sums.length; i++) sums[i] += Long.parseLong(matcher.group(i));
        }
        return new Recount(sums[0], sums[1], sums[2], sums[3]);
    }

    @Override
    public String toString() {
        return "%s, %s, %s, %s"
                .formatted(
                        Text.count(files, "file"),
                        Text.count(lines, "line"),
                        Text.count(words, "word"),
                        Text.count(bytes, "byte"));
    }
}
