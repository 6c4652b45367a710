package dev.pawl.io;

/**
 * Something large that a run has made, kept in its artifact store under its hash.
 *
 * @param name what it is called, for people
 * @param mediaType what it is: {@code application/pdf}
 * @param sha256 of its content, in hex
 * @param bytes its size
 * @param reference where it is kept
 */
public record Artifact(String name, String mediaType, String sha256, long bytes, String reference) {

    /** The same, kept there. */
    public Artifact at(String reference) {
        return new Artifact(name, mediaType, sha256, bytes, reference);
    }
}
