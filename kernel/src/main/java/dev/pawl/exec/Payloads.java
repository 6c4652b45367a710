package dev.pawl.exec;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.spi.Artifacts;
import java.nio.charset.StandardCharsets;

/**
 * Decides where a payload lives. Small ones sit in their row; large ones go to the artifact store and leave a reference;
 * those over the hard limit are refused. Thread-safe.
 */
public final class Payloads {

    private final Artifacts artifacts;
    private final Limits limits;

    /**
     * Limits in bytes of UTF-8.
     *
     * @param inline the most that sits in a row
     * @param hard the most that is accepted at all
     */
    public record Limits(int inline, int hard) {

        /** 256 KiB in the row, 256 MiB at all. */
        public static final Limits DEFAULT = new Limits(256 << 10, 256 << 20);

        public Limits {
            if (inline < 0 || hard < inline) {
                throw new IllegalArgumentException("The hard limit of payloads (" + hard
                        + " bytes) must not be below the inline limit (" + inline + " bytes).");
            }
        }
    }

    public Payloads(Artifacts artifacts, Limits limits) {
        this.artifacts = artifacts;
        this.limits = limits;
    }

    /**
     * Keeps a payload; what goes to the artifact store is durable on return.
     *
     * @param what what it is, for the message
     * @throws Failure.Logic if it is over the hard limit
     */
    public Payload keep(RunId run, String what, Json json) {
        String text = json.text();
        if (text.length() <= limits.inline / 3) return Payload.inline(json); // at most 3 bytes for a char
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= limits.inline) return Payload.inline(json);
        if (bytes.length > limits.hard) {
            throw new Failure.Logic(
                    "%s has %,d bytes; the limit is %,d. Keep large data elsewhere and pass a reference, or raise the limit."
                            .formatted(what, bytes.length, limits.hard));
        }
        return Payload.artifact(artifacts.put(run, bytes));
    }

    /**
     * Keeps bytes in the artifact store, durable on return; answers where.
     *
     * @throws Failure.Logic if they are over the hard limit
     */
    public String keep(RunId run, byte[] content) {
        if (content.length > limits.hard) {
            throw new Failure.Logic(
                    "An artifact has %,d bytes; the limit is %,d. Keep it elsewhere, or raise the limit."
                            .formatted(content.length, limits.hard));
        }
        return artifacts.put(run, content);
    }

    /** What is kept there. */
    public byte[] bytes(String reference) {
        return artifacts.get(reference);
    }

    /** The value of a payload. */
    public Json load(Payload payload) {
        if (!payload.isArtifact()) return new Json(payload.stored());
        return new Json(new String(artifacts.get(payload.reference()), StandardCharsets.UTF_8));
    }

    /** Removes what a run has in the artifact store. */
    public void delete(RunId run) {
        artifacts.delete(run);
    }
}
