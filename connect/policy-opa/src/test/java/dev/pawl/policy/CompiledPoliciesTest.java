package dev.pawl.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each .wasm beside a .rego is what that .rego compiles to. */
class CompiledPoliciesTest {

    static Stream<Path> sources() throws Exception {
        try (var samples = Files.list(Cases.SAMPLES);
                var cases = Files.list(Cases.CASES)) {
            return Stream.concat(samples, cases)
                    .filter(file -> file.toString().endsWith(".rego"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void there_are_some() throws Exception {
        assertThat(sources()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void a_policy_was_compiled_after_its_last_change(Path rego) throws Exception {
        Path wasm = Path.of(rego.toString().replaceFirst("rego$", "wasm"));
        assertThat(Files.readString(Path.of(wasm + ".from")).lines())
                .as("%s has changed, or what was made of it: run connect/policy-opa/build-samples.sh and commit", rego)
                .startsWith("rego=" + sha256(rego), "wasm=" + sha256(wasm))
                .last()
                .asString()
                .matches("compiler=OPA \\d+\\.\\d+\\.\\d+.*");
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
