package dev.pawl.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder as a mailbox: each file {@code *.txt} in it is a mail, as {@code From: …}, {@code Subject: …}, and text. */
record Mailbox(Path folder) {

    /** One mail. */
    record Mail(String id, String from, String subject, String text) {}

    /**
     * How far somebody has read.
     *
     * @param at when the newest file that was seen was written, in epoch milliseconds
     */
    record Seen(long at, String file) {}

    /** Files that came since, the oldest first; those that came at the same time as the last one are told again. */
    List<Seen> since(@Nullable Seen last) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        var found = new ArrayList<Seen>();
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(".") || !name.endsWith(".txt")) continue;
                long at = Files.getLastModifiedTime(file).toMillis();
                if (last == null || at >= last.at()) found.add(new Seen(at, name));
            }
        }
        found.sort(Comparator.comparingLong(Seen::at).thenComparing(Seen::file));
        return found;
    }

    Mail read(String file) throws IOException {
        String from = "";
        String subject = file;
        var text = new StringBuilder();
        for (String line : Files.readAllLines(folder.resolve(file))) {
            if (line.startsWith("From: ")) from = line.substring("From: ".length());
            else if (line.startsWith("Subject: ")) subject = line.substring("Subject: ".length());
            else if (!line.isBlank()) text.append(text.isEmpty() ? "" : " ").append(line.strip());
        }
        return new Mail(file, from, subject, text.toString());
    }

    /** Whether somebody has switched this fault on: wrote its name into the file {@code fault}. */
    boolean has(String fault) throws IOException {
        try {
            return Files.readString(folder.resolve("fault")).contains(fault);
        } catch (NoSuchFileException none) {
            return false;
        }
    }
}
