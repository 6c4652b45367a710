package dev.pawl.core;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The identity of a run: a ULID, so ids sort by the time of their creation. 26 characters of Crockford's base 32 at the
 * edge, 16 bytes in the database.
 *
 * @param high the upper 64 bits: 48 bits of epoch milliseconds, then 16 random bits
 * @param low the lower 64 random bits
 * @see <a href="https://github.com/ulid/spec">the ULID specification</a>
 */
public record RunId(long high, long low) implements Comparable<RunId> {

    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final byte[] VALUES = values();
    private static final int LENGTH = 26;

    /**
     * Reads an id as people type it; lower case is accepted.
     *
     * @throws IllegalArgumentException if the text is not a ULID; the message says why
     */
    public static RunId parse(String text) {
        if (text.length() != LENGTH) {
            throw new IllegalArgumentException(
                    "'%s' is not a run id: it has %d characters, a run id has 26.".formatted(text, text.length()));
        }
        if (digit(text, 0) > 7) {
            throw new IllegalArgumentException("'%s' is not a run id: it is larger than 128 bits.".formatted(text));
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            high = (high << 5) | (low >>> 59);
            low = (low << 5) | digit(text, i);
        }
        return new RunId(high, low);
    }

    private static int digit(String text, int position) {
        char c = text.charAt(position);
        int value = c < VALUES.length ? VALUES[c] : -1;
        if (value < 0) {
            throw new IllegalArgumentException(
                    "'%s' is not a run id: '%s' at position %d is not in Crockford's base 32 (no I, L, O, U)."
                            .formatted(text, c, position + 1));
        }
        return value;
    }

    private static byte[] values() {
        var values = new byte[128];
        java.util.Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length; i++) {
            values[ALPHABET[i]] = (byte) i;
            values[String.valueOf(ALPHABET[i]).toLowerCase(Locale.ROOT).charAt(0)] = (byte) i;
        }
        return values;
    }

    /** The id from its 16 bytes. */
    public static RunId of(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return new RunId(buffer.getLong(), buffer.getLong());
    }

    /** The smallest id that a run created at this time (epoch milliseconds) could have. */
    public static RunId firstAt(long epochMillis) {
        return new RunId(epochMillis << 16, 0);
    }

    /** The 16 bytes, big-endian: they sort like the id. */
    public byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** When the id was made, in epoch milliseconds. */
    public long createdAt() {
        return high >>> 16;
    }

    @Override
    public int compareTo(RunId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        var text = new char[LENGTH];
        long upper = high;
        long lower = low;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET[(int) (lower & 31)];
            lower = (lower >>> 5) | (upper << 59);
            upper >>>= 5;
        }
        return new String(text);
    }
}
