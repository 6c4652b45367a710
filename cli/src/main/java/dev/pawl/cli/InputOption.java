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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;

/** The input of a run as it is typed. */
final class InputOption {

    private static final int SHOWN = 30;

    @Option(
            names = "--input",
            paramLabel = "JSON|@FILE",
            description = "The input as JSON, or the file that holds it; \"-\" reads standard input. Without it: null.")
    private @Nullable String typed;

    boolean given() {
        return typed != null;
    }

    /**
     * The input, on one line.
     *
     * @throws Complaint if it cannot be read or is not valid JSON; the message says where
     */
    Json read() {
        if (typed == null) return Json.NULL;
        if (typed.equals("-") || typed.equals("@-")) return parse("The input (standard input)", stdin());
        if (typed.startsWith("@")) return parse("The input file " + typed.substring(1), file(typed.substring(1)));
        return parse("The input", typed);
    }

    private static String stdin() {
        try {
            return utf8("The input (standard input)", System.in.readAllBytes());
        } catch (IOException unreadable) {
            throw Complaint.usage("Standard input cannot be read: " + unreadable.getMessage() + ".", unreadable);
        }
    }

    private static String file(String name) {
        try {
            Path path = Path.of(name);
            if (!Files.isRegularFile(path))
                throw Complaint.usage("There is no file " + name + " (given as --input @" + name + ").");
            return utf8("The input file " + name, Files.readAllBytes(path));
        } catch (IOException | InvalidPathException unreadable) {
            throw Complaint.usage(
                    "The input file " + name + " cannot be read: " + unreadable.getMessage() + ".", unreadable);
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

    private static Json parse(String what, String text) {
        String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (json.isBlank())
            throw Complaint.usage(
                    what + " is empty. For no input leave --input out; for an empty string write '\"\"'.");
        try {
            return Codec.STANDARD.compact(json);
        } catch (Failure.Logic invalid) {
            throw Complaint.usage(what + " is not valid JSON" + why(invalid, json), invalid);
        }
    }

    private static String why(Failure.Logic invalid, String json) {
        if (!(invalid.getCause() instanceof JacksonException cause)) return ": " + invalid.getMessage();
        var where = cause.getLocation();
        String reason = cause.getOriginalMessage().lines().findFirst().orElse("");
        return (where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr()) + ": "
                + reason.replaceAll("\\s*\\(start marker.*|; expected close marker.*", "")
                + hint(json);
    }

    /** The two mistakes that shells make for people. */
    private static String hint(String json) {
        String text = json.strip();
        boolean unquoted = text.startsWith("{") && !text.contains("\"");
        boolean bare = !text.isEmpty() && (Character.isLetter(text.charAt(0)) || "/.~".indexOf(text.charAt(0)) >= 0);
        if (unquoted) return ". Quote it for the shell: --input '{\"name\": \"value\"}'";
        if (bare)
            return ". A string needs quotes inside those of the shell: --input '\"" + Text.cut(text, SHOWN) + "\"'";
        return "";
    }
}
