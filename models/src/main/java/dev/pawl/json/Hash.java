package dev.pawl.json;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/**
 * What identifies the content of a JSON document: the SHA-256 of its {@link Canonical} form in UTF-8, in full, as 64
 * lower-case hex digits. Independent of white space, of the order of members and of how numbers are spelled; dependent on
 * every value at any depth. Thread-safe.
 */
public final class Hash {

    private Hash() {}

    /**
     * The hash of a document.
     *
     * @throws Failure.Logic if it is not valid JSON
     */
    public static String of(Json document) {
        return of(Canonical.bytes(document));
    }

    /**
     * The hash of a tree.
     *
     * @throws Failure.Logic if it holds what JSON cannot
     */
    public static String of(JsonNode tree) {
        return of(Canonical.bytes(tree));
    }

    /** The hash of bytes that are no JSON. */
    public static String of(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
