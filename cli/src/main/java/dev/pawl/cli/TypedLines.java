package dev.pawl.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Lines that somebody types, with history and completion; or that come through a pipe. */
interface TypedLines extends AutoCloseable {

    /** The next line; null at the end. */
    @Nullable
    String next() throws IOException;

    @Override
    void close() throws IOException;

    /** @param words what can be completed */
    static TypedLines of(Screen screen, List<String> words) throws IOException {
        return screen.typed() ? terminal(words) : piped(new BufferedReader(screen.in()));
    }

    private static TypedLines terminal(List<String> words) throws IOException {
        var terminal = TerminalBuilder.builder().system(true).build();
        var reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .completer(new StringsCompleter(words))
                .build();
        return new TypedLines() {
            @Override
            public @Nullable String next() {
                try {
                    return reader.readLine("pawl> ");
                } catch (EndOfFileException | UserInterruptException over) {
                    return null;
                }
            }

            @Override
            public void close() throws IOException {
                terminal.close();
            }
        };
    }

    private static TypedLines piped(BufferedReader reader) {
        return new TypedLines() {
            @Override
            public @Nullable String next() throws IOException {
                return reader.readLine();
            }

            @Override
            public void close() {
                // whoever made the pipe closes it
            }
        };
    }
}
