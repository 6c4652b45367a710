package dev.pawl.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.spi.Policy.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted as a policy, and what is refused before it decides anything. */
class OpaLoadingTest {

    private static final byte[] CASES = Cases.wasm(Cases.CASES.resolve("cases.wasm"));
    private static final OpaSettings KNOWN = OpaSettings.DEFAULT.entrypoint("cases/known");
    private static final Json ANN = new Json("{\"name\":\"ann\"}");

    @Test
    void the_hash_is_that_of_the_file() throws Exception {
        var policy = OpaPolicy.load(Cases.CASES.resolve("cases.wasm"), KNOWN);
        assertThat(policy.hash())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(CASES)));
        assertThat(OpaPolicy.of(CASES, KNOWN).hash()).isEqualTo(policy.hash());
    }

    @Test
    void data_of_the_settings_is_seen_and_counts_in_the_hash() throws Exception {
        var ann = OpaPolicy.of(CASES, KNOWN.data(new Json("{\"known\":[\"ann\"]}")));
        var bob = OpaPolicy.of(CASES, KNOWN.data(new Json("{\"known\":[\"bob\"]}")));
        assertThat(ann.decide(ANN).answer()).isEqualTo(Answer.ALLOW);
        assertThat(bob.decide(ANN).answer()).isEqualTo(Answer.DENY);
        assertThat(ann.hash()).matches("[0-9a-f]{64}").isNotEqualTo(bob.hash());
    }

    @Test
    void a_bundle_brings_its_data() throws Exception {
        byte[] bundle = Cases.bundle(
                "/data.json",
                "{\"known\":[\"ann\"]}",
                "/cases.rego",
                "package cases",
                "/" + "deep/".repeat(30) + "long.rego",
                "package long",
                "/policy.wasm",
                CASES,
                "/.manifest",
                "{\"revision\":\"\",\"roots\":[\"\"]}");
        var policy = OpaPolicy.of(bundle, KNOWN);
        assertThat(policy.decide(ANN).answer()).isEqualTo(Answer.ALLOW);
        assertThat(policy.decide(new Json("{\"name\":\"bob\"}")).answer()).isEqualTo(Answer.DENY);
        assertThat(policy.hash())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bundle)));
        assertThat(OpaPolicy.of(bundle, KNOWN.data(new Json("{}"))).decide(ANN).answer())
                .isEqualTo(Answer.DENY);
    }

    @Test
    void a_bundle_that_is_more_or_less_than_opa_builds_is_refused() {
        refused(Cases.bundle("/data.json", "{}"), "The bundle The policy has no .wasm file. Build it with");
        refused(Cases.bundle("/a.wasm", CASES, "/b.wasm", CASES), "has 2 .wasm files where one is expected");
        refused(
                Cases.bundle("/policy.wasm", CASES, "/roles/data.json", "{}"),
                "has data in roles/data.json, which would not be seen");
        refused(Cases.bundle("/policy.wasm", CASES, "/data.yaml", "a: 1"), "has data in data.yaml");
        refused(
                Cases.bundle("/policy.wasm", CASES, "/data.json", "[1]"),
                "The data of The policy is not a JSON object.");
        refused(Cases.bundle("/policy.wasm", CASES, "/data.json", "{"), "The data of The policy is not a JSON object.");
        refused(
                Cases.bundle("/policy.wasm", "package pawl"),
                "The .wasm file in the bundle The policy is not WebAssembly");
        byte[] whole = Cases.bundle("/policy.wasm", CASES);
        refused(Arrays.copyOf(whole, whole.length / 2), "cannot be read as a bundle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"package pawl\n\ndecision := true\n", "", "\0as"})
    void what_is_not_webassembly_is_refused(String content) {
        refused(content.getBytes(StandardCharsets.UTF_8), "is neither WebAssembly nor a bundle (.tar.gz)");
    }

    @Test
    void damaged_webassembly_is_refused() {
        refused(Arrays.copyOf(CASES, CASES.length / 2), "The policy is not valid WebAssembly: ");
        // An empty module: valid, but no policy.
        refused(
                new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0},
                "is WebAssembly, but no policy as \"opa build -t wasm\" makes it");
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 60, 400, 5_000})
    void a_byte_that_is_gone_is_refused(int at) {
        byte[] damaged = new byte[CASES.length - 1];
        System.arraycopy(CASES, 0, damaged, 0, at);
        System.arraycopy(CASES, at + 1, damaged, at, damaged.length - at);
        assertThatThrownBy(() -> OpaPolicy.of(damaged, KNOWN)).isInstanceOf(PolicyRefused.class);
    }

    @Test
    void a_missing_entrypoint_is_refused_with_those_that_are_there() {
        assertThatThrownBy(() -> OpaPolicy.of(CASES))
                .isInstanceOf(PolicyRefused.class)
                .hasMessageContaining(
                        "The policy has no entrypoint pawl/decision; it has cases/echo, cases/hungry, cases/known, ")
                .hasMessageContaining("\"opa build -t wasm -e pawl/decision\"");
    }

    @Test
    void builtins_that_are_not_there_are_refused_by_name() {
        assertThatThrownBy(() -> OpaPolicy.load(Cases.CASES.resolve("clock.wasm")))
                .isInstanceOf(PolicyRefused.class)
                .hasMessageContaining(
                        "clock.wasm needs builtins that there are not here: http.send, time.now_ns. A policy decides");
    }

    @Test
    void a_file_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> OpaPolicy.load(Path.of("no/such.wasm")))
                .isInstanceOf(PolicyRefused.class)
                .hasMessageContaining("The policy no/such.wasm cannot be read");
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> KNOWN.timeLimit(Duration.ZERO)).hasMessageContaining("not PT0S");
        assertThatThrownBy(() -> KNOWN.instances(0)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> KNOWN.memory(10)).hasMessageContaining("not 10 bytes");
    }

    private static void refused(byte[] content, String message) {
        assertThatThrownBy(() -> OpaPolicy.of(content, KNOWN))
                .isInstanceOf(PolicyRefused.class)
                .hasMessageContaining(message);
    }
}
