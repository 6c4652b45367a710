package dev.pawl.cli;

import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line in this process, without a terminal. */
record Cli(String url) {

    /** What a command came to. */
    record Answer(int code, String out, String err) {
        /** The only line of the result. */
        String line() {
            return out.strip();
        }
    }

    static Cli on(Path file) {
        return new Cli("jdbc:sqlite:" + file);
    }

    Answer run(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.add("--db");
        all.add(url);
        return plain(all.toArray(String[]::new));
    }

    /** The same with lines that come through a pipe. */
    Answer typing(String lines, String... args) {
        var all = new ArrayList<>(List.of(args));
        all.add("--db");
        all.add(url);
        return plain(lines, all.toArray(String[]::new));
    }

    static Answer plain(String... args) {
        return plain("", args);
    }

    private static Answer plain(String lines, String[] args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(
                Screen.plain(new PrintWriter(out, true), new PrintWriter(err, true), new StringReader(lines)), args);
        return new Answer(code, out.toString(), err.toString());
    }
}
