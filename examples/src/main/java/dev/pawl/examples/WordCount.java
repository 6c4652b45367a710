package dev.pawl.examples;

import java.io.IOException;
import java.io.InputStream;

/**
 * Lines, words and bytes exactly as {@code LC_ALL=C wc -l -w -c} of GNU coreutils counts them, whatever the bytes mean:
 * a line is a newline; white space ends a word; a printable ASCII character begins one; every other byte does neither.
 * So bytes that are no text, alone between spaces, are no word.
 */
record WordCount(long lines, long words, long bytes) {

    private static final int BUFFER = 1 << 16;

    static WordCount of(InputStream in) throws IOException {
        long lines = 0;
        long words = 0;
        long bytes = 0;
        boolean inWord = false;
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            bytes += read;
            for (int i = 0; i < read; i++) {
                byte b = buffer[i];
                if (b == '\n') lines++;
                if (b == ' ' || (b >= '\t' && b <= '\r')) {
                    inWord = false;
                } else if (!inWord && b > ' ' && b <= '~') {
                    inWord = true;
                    words++;
                }
            }
        }
        return new WordCount(lines, words, bytes);
    }
}
