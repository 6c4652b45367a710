package dev.pawl.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The named statements of the {@code .sql} files, in the form of one database. A statement may have a second form for
 * one database, {@code -- name: task.end (postgresql)}, whose parameters are arrays of a whole batch. Parameters are
 * named ({@code :queue}), tokens ({@code ${for_update}}) come from the dialect, and {@code -- part: run.columns} can be
 * put into statements as <code>${run.columns}</code>.
 */
final class Statements {

    /** One file per table, one for the statements of a claim, one for those of a check-up. */
    static final List<String> FILES = List.of(
            "run",
            "task",
            "event",
            "definition",
            "worker",
            "queue",
            "claim",
            "effect",
            "message",
            "input",
            "cause",
            "health");

    private static final Pattern HEAD = Pattern.compile("-- (name|part): ([a-z_.]+)(?: \\(([a-z]+)\\))?");
    private static final Pattern TOKEN = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):([a-z_]+)");

    private static final String PASS_OVER = "\non conflict do nothing";

    private final Map<String, Statement> statements = new TreeMap<>();
    private final Map<String, Statement> orFail = new ConcurrentHashMap<>();
    private final Map<String, String> parts = new TreeMap<>();

    /**
     * One statement, ready for JDBC.
     *
     * @param positions where each named parameter goes, 1-based
     * @param batched whether its parameters are arrays, one element per row of a batch
     */
    record Statement(String name, String sql, Map<String, List<Integer>> positions, boolean batched) {
        int parameters() {
            return positions.values().stream().mapToInt(List::size).sum();
        }

        /** The same insert, but failing where a row is there already instead of passing over it. */
        Statement orFail() {
            return new Statement(name + " or fail", sql.replace(PASS_OVER, ""), positions, batched);
        }
    }

    Statements(Dialect dialect) {
        for (String file : FILES) {
            read(resource(file + ".sql"), dialect);
        }
    }

    Statement get(String name) {
        Statement statement = statements.get(name);
        if (statement == null) throw new IllegalArgumentException("There is no statement named " + name + ".");
        return statement;
    }

    /** See {@link Statement#orFail()}. */
    Statement orFail(String name) {
        return orFail.computeIfAbsent(name, one -> get(one).orFail());
    }

    Collection<Statement> all() {
        return Collections.unmodifiableCollection(statements.values());
    }

    /** A resource of this package as text. */
    static String resource(String file) {
        try (var stream = Statements.class.getResourceAsStream(file)) {
            if (stream == null) throw new IllegalStateException("The resource " + file + " is missing.");
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces the tokens of a dialect. */
    static String resolve(String sql, Dialect dialect, Map<String, String> parts) {
        Matcher tokens = TOKEN.matcher(sql);
        return tokens.replaceAll(token -> {
            String part = parts.get(token.group(1));
            return Matcher.quoteReplacement(part != null ? part : dialect.token(token.group(1)));
        });
    }

    private void read(String text, Dialect dialect) {
        Matcher head = HEAD.matcher(text);
        int next = head.find() ? head.start() : -1;
        while (next >= 0) {
            String kind = head.group(1);
            String name = head.group(2);
            String form = head.group(3);
            int from = head.end();
            next = head.find() ? head.start() : -1;
            String body = withoutComments(text.substring(from, next < 0 ? text.length() : next));
            if (form != null && !form.equals(dialect.name())) continue;
            String sql = resolve(body, dialect, parts);
            if (kind.equals("part")) parts.put(name, sql);
            else statements.put(name, parse(name, sql, form != null));
        }
    }

    private static String withoutComments(String text) {
        var lines = new ArrayList<String>();
        text.lines().filter(line -> !line.startsWith("--") && !line.isBlank()).forEach(lines::add);
        return String.join("\n", lines);
    }

    private static Statement parse(String name, String sql, boolean batched) {
        var positions = new LinkedHashMap<String, List<Integer>>();
        int[] count = {0};
        String jdbc = PARAMETER.matcher(sql).replaceAll(parameter -> {
            positions
                    .computeIfAbsent(parameter.group(1), any -> new ArrayList<>())
                    .add(++count[0]);
            return "?";
        });
        return new Statement(name, jdbc, positions, batched);
    }
}
