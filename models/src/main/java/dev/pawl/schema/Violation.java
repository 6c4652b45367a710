package dev.pawl.schema;

/**
 * Something in a document that its schema does not allow. Its text is a sentence for people:
 * {@code /meta/priority: expected at most 10, found 11}.
 *
 * @param path where, as a JSON Pointer (RFC 6901); empty for the document itself
 * @param expected what the schema wants there, in words: {@code a UUID}, {@code at most 10}
 * @param found what is there as JSON, cut if it is long, or {@code nothing}
 */
public record Violation(String path, String expected, String found) {

    @Override
    public String toString() {
        return (path.isEmpty() ? "" : path + ": ") + "expected " + expected + ", found " + found;
    }
}
