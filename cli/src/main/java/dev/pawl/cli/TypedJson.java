package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** JSON as people type it: on the command line, in a file, or on standard input. */
final class TypedJson {

    private static final int SHOWN = 30;

    private TypedJson() {}

    /**
     * The JSON, on one line.
     *
     * @param what what it is, as the beginning of a message: {@code The input}
     * @param option where it was typed, for hints: {@code --input}
     * @throws Complaint if it cannot be read or is not valid JSON; the message says where
     */
    static Json read(String what, String option, String typed) {
        if (typed.equals("-") || typed.equals("@-")) return parse(what + " (standard input)", option, stdin(what));
        if (typed.startsWith("@")) {
            String name = typed.substring(1);
            return parse(what + " file " + name, option, file(what, option, name));
        }
        return parse(what, option, typed);
    }

    private static String stdin(String what) {
        try {
            return utf8(what + " (standard input)", System.in.readAllBytes());
        } catch (IOException unreadable) {
            throw Complaint.usage("Standard input cannot be read: " + unreadable.getMessage() + ".", unreadable);
        }
    }

    private static String file(String what, String option, String name) {
        try {
            Path path = Path.of(name);
            if (!Files.isRegularFile(path))
                throw Complaint.usage("There is no file " + name + " (given as " + option + " @" + name + ").");
            return utf8(what + " file " + name, Files.readAllBytes(path));
        } catch (IOException | InvalidPathException unreadable) {
            throw Complaint.usage(
                    what + " file " + name + " cannot be read: " + unreadable.getMessage() + ".", unreadable);
        }
    }

    private static String utf8(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            throw Complaint.usage(what + " is not UTF-8 text.", other);
        }
    }

    private static Json parse(String what, String option, String text) {
        String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (json.isBlank())
            throw Complaint.usage(
                    what + " is empty. For none leave " + option + " out; for an empty string write '\"\"'.");
        try {
            return Codec.STANDARD.compact(json);
        } catch (Failure.Logic invalid) {
            throw Complaint.usage(what + " is not valid JSON" + why(invalid, option, json), invalid);
        }
    }

    private static String why(Failure.Logic invalid, String option, String json) {
        if (!(invalid.getCause() instanceof JacksonException cause)) return ": " + invalid.getMessage();
        var where = cause.getLocation();
        String reason = cause.getOriginalMessage().lines().findFirst().orElse("");
        return (where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr()) + ": "
                + reason.replaceAll("\\s*\\(start marker.*|; expected close marker.*", "")
                + hint(option, json);
    }

    /** The two mistakes that shells make for people. */
    private static String hint(String option, String json) {
        String text = json.strip();
        boolean unquoted = text.startsWith("{") && !text.contains("\"");
        boolean bare = !text.isEmpty() && (Character.isLetter(text.charAt(0)) || "/.~".indexOf(text.charAt(0)) >= 0);
        if (unquoted) return ". Quote it for the shell: " + option + " '{\"name\": \"value\"}'";
        if (bare)
            return ". A string needs quotes inside those of the shell: " + option + " '\"" + Text.cut(text, SHOWN)
                    + "\"'";
        return "";
    }
}
