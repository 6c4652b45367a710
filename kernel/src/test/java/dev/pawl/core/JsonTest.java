package dev.pawl.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void quoting_escapes_what_json_wants_escaped() {
        assertThat(Json.quote("a\"b\\c\nd\te\u0001ü€")).isEqualTo("\"a\\\"b\\\\c\\nd\\te\\u0001ü€\"");
    }

    @Test
    void a_payload_is_told_from_a_reference_to_one() {
        assertThat(Payload.inline(new Json("\"@x\"")).isArtifact()).isFalse();
        var reference = Payload.artifact("run/hash");
        assertThat(reference.isArtifact()).isTrue();
        assertThat(reference.reference()).isEqualTo("run/hash");
    }
}
