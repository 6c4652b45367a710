package dev.pawl.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jspecify.annotations.Nullable;

/** Where a command writes: results to one stream, everything else to the other, each perhaps a terminal. */
final class Screen {

    private static final int NARROWEST = 40;
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Style style;
    private final Style errStyle;
    private final int width;
    private final boolean live;
    private final Reader in;
    private final boolean typed;

    private Screen(
            PrintWriter out,
            PrintWriter err,
            Style style,
            Style errStyle,
            int width,
            boolean live,
            Reader in,
            boolean typed) {
        this.out = out;
        this.err = err;
        this.style = style;
        this.errStyle = errStyle;
        this.width = width;
        this.live = live;
        this.in = in;
        this.typed = typed;
    }

    /** The streams of this process. */
    static Screen ofProcess() {
        var out = writer(FileDescriptor.out);
        var err = writer(FileDescriptor.err);
        var terminal = terminal();
        var in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
        if (terminal == null) return plain(out, err, in);
        boolean outIsTerminal = terminal.isSystemStream(SystemStream.Output);
        boolean errIsTerminal = terminal.isSystemStream(SystemStream.Error);
        boolean colour = System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        int columns = outIsTerminal
                ? terminal.systemStreamWidth(SystemStream.Output)
                : errIsTerminal ? terminal.systemStreamWidth(SystemStream.Error) : 0;
        return new Screen(
                out,
                err,
                new Style(colour && outIsTerminal),
                new Style(colour && errIsTerminal),
                columns <= 0 ? UNLIMITED : Math.max(NARROWEST, columns),
                errIsTerminal,
                in,
                outIsTerminal && terminal.isSystemStream(SystemStream.Input));
    }

    /** No terminal, and nothing to read. */
    static Screen plain(PrintWriter out, PrintWriter err) {
        return plain(out, err, Reader.nullReader());
    }

    /** No terminal. */
    static Screen plain(PrintWriter out, PrintWriter err, Reader in) {
        return new Screen(out, err, new Style(false), new Style(false), UNLIMITED, false, in, false);
    }

    private static PrintWriter writer(FileDescriptor stream) {
        return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
    }

    /** What knows about terminals here; null if nothing does, so that nothing is one. */
    private static @Nullable TerminalProvider terminal() {
        for (String way : new String[] {"jni", "exec"}) {
            try {
                return TerminalProvider.load(way);
            } catch (IOException | RuntimeException | LinkageError cannot) {
                // the next way
            }
        }
        return null;
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /** What comes in. */
    Reader in() {
        return in;
    }

    /** Whether a person types it, and sees what comes of it. */
    boolean typed() {
        return typed;
    }

    /** How results are decorated. */
    Style style() {
        return style;
    }

    /** How everything else is. */
    Style errStyle() {
        return errStyle;
    }

    /** In characters; without end when nobody looks. */
    int width() {
        return width;
    }

    /** Whether a person watches the second stream, so that a line may change while it is looked at. */
    boolean live() {
        return live;
    }

    /** A remark beside the result, for people. */
    void say(String line) {
        err.println(line);
        err.flush();
    }

    /** A line of the result. */
    void print(String line) {
        out.println(line);
        out.flush();
    }
}
