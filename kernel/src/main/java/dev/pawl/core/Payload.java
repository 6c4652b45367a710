package dev.pawl.core;

/**
 * A JSON value as it is stored: the document itself, or a reference to an artifact when it is too large to sit in a row.
 *
 * @param stored a JSON document, or {@code @} and the artifact's reference ({@code @} cannot begin a JSON document)
 */
public record Payload(String stored) {

    private static final char REFERENCE = '@';

    /** A value small enough for its row. */
    public static Payload inline(Json json) {
        return new Payload(json.text());
    }

    /** A value kept in the artifact store. */
    public static Payload artifact(String reference) {
        return new Payload(REFERENCE + reference);
    }

    /** Whether the value is in the artifact store. */
    public boolean isArtifact() {
        return stored.charAt(0) == REFERENCE;
    }

    /** The artifact's reference; only for {@link #isArtifact()}. */
    public String reference() {
        return stored.substring(1);
    }
}
