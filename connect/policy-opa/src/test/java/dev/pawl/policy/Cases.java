package dev.pawl.policy;

import dev.pawl.core.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The policies that tests use, and bundles as {@code opa build} packs them. */
final class Cases {

    static final Path SAMPLES = Path.of("src/main/rego");
    static final Path CASES = Path.of("src/test/rego");

    private Cases() {}

    /** The policy of a rule of {@code cases.rego}. */
    static OpaPolicy cases(String rule) {
        return cases(rule, OpaSettings.DEFAULT);
    }

    static OpaPolicy cases(String rule, OpaSettings settings) {
        return OpaPolicy.load(CASES.resolve("cases.wasm"), settings.entrypoint("cases/" + rule));
    }

    static byte[] wasm(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Json json(Path file) {
        return new Json(new String(wasm(file), StandardCharsets.UTF_8));
    }

    private static Map<String, byte[]> files(Object... pathsAndContents) {
        var files = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            Object content = pathsAndContents[i + 1];
            files.put(
                    (String) pathsAndContents[i],
                    content instanceof byte[] bytes ? bytes : ((String) content).getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }

    /** A bundle of these files; a path of more than 100 characters takes the extra header that Go writes for it. */
    static byte[] bundle(Object... pathsAndContents) {
        var packed = new ByteArrayOutputStream();
        try (var zipped = new GZIPOutputStream(packed)) {
            for (var file : files(pathsAndContents).entrySet()) {
                if (file.getKey().length() > 100) {
                    String line = " path=" + file.getKey() + "\n";
                    entry(zipped, "PaxHeaders", 'x', ((line.length() + 3) + line).getBytes(StandardCharsets.UTF_8));
                }
                entry(zipped, file.getKey(), '0', file.getValue());
            }
            zipped.write(new byte[1024]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return packed.toByteArray();
    }

    private static void entry(OutputStream out, String path, char type, byte[] content) throws IOException {
        byte[] header = new byte[512];
        put(header, 0, path.length() > 100 ? path.substring(0, 100) : path);
        put(header, 124, "%011o".formatted(content.length));
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        out.write(header);
        out.write(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
