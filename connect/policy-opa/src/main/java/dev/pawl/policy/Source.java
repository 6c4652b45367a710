package dev.pawl.policy;

import dev.pawl.core.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** What a policy's file holds: WebAssembly, and data if it is a bundle that has some. Immutable. */
final class Source {

    private static final long LARGEST_BUNDLE = 256L << 20;
    private static final String BUILD = "Build it with \"opa build -t wasm -e pawl/decision policy.rego\".";

    final byte[] wasm;
    final @Nullable String data;

    private Source(byte[] wasm, @Nullable String data) {
        this.wasm = wasm;
        this.data = data;
    }

    /**
     * Takes a bare .wasm file, or a bundle as {@code opa build -t wasm} writes it.
     *
     * @param name of the policy, for messages
     * @param data what the policy sees instead of the bundle's data, or null
     * @throws PolicyRefused if it is neither
     */
    static Source of(String name, byte[] content, @Nullable Json data) {
        Source source = read(name, content);
        String seen = data == null ? source.data : data.text();
        if (seen != null && !isObject(seen)) {
            throw new PolicyRefused("The data of " + name + " is not a JSON object.");
        }
        return new Source(source.wasm, seen);
    }

    private static Source read(String name, byte[] content) {
        if (begins(content, 0, 'a', 's', 'm')) return new Source(content, null);
        if (begins(content, 0x1f, 0x8b)) return bundle(name, content);
        throw new PolicyRefused(name + " is neither WebAssembly nor a bundle (.tar.gz)"
                + (content.length == 0 ? ": it is empty. " : ". ") + BUILD);
    }

    private static Source bundle(String name, byte[] content) {
        Map<String, byte[]> files;
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(content))) {
            files = TarFiles.read(unzipped, LARGEST_BUNDLE, path -> path.endsWith(".wasm") || path.equals("data.json"));
        } catch (IOException e) {
            throw new PolicyRefused(name + " cannot be read as a bundle: " + e.getMessage() + ". " + BUILD, e);
        }
        var policies = new ArrayList<byte[]>();
        files.forEach((path, file) -> {
            if (path.endsWith(".wasm")) policies.add(file);
            if (elsewhere(path)) {
                throw new PolicyRefused("The bundle " + name + " has data in " + path
                        + ", which would not be seen: \"opa build\" gathers all data in one data.json.");
            }
        });
        if (policies.size() != 1) {
            throw new PolicyRefused("The bundle " + name + " has " + (policies.isEmpty() ? "no" : policies.size())
                    + " .wasm file" + (policies.size() > 1 ? "s where one is expected. " : ". ") + BUILD);
        }
        if (!begins(policies.getFirst(), 0, 'a', 's', 'm')) {
            throw new PolicyRefused("The .wasm file in the bundle " + name + " is not WebAssembly. " + BUILD);
        }
        byte[] data = files.get("data.json");
        return new Source(policies.getFirst(), data == null ? null : new String(data, StandardCharsets.UTF_8));
    }

    private static boolean isObject(String json) {
        try {
            return CompiledPolicy.TREES.readTree(json).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Data in a place or form that OPA's server knows, but that {@code opa build} does not write. */
    private static boolean elsewhere(String path) {
        return path.endsWith("/data.json") || path.matches("(.*/)?data\\.ya?ml") || path.equals("patch.json");
    }

    private static boolean begins(byte[] content, int... with) {
        if (content.length < with.length) return false;
        for (int i = 0; i < with.length; i++) {
            if ((content[i] & 0xff) != with[i]) return false;
        }
        return true;
    }
}
