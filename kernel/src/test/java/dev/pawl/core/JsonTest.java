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

    @Test
    void a_problem_survives_being_stored() {
        var problem = new Problem(FailureClass.LOGIC, "Odd\"Name", "a \\ b\n\u0001 ü", "at x\nat y");
        assertThat(Problem.parse(problem.toJson())).isEqualTo(problem);
        var bare = new Problem(FailureClass.TIMEOUT, "T", "", "");
        assertThat(Problem.parse(bare.toJson())).isEqualTo(bare);
        var hard = Problem.of(FailureClass.LOGIC, "T", "\"".repeat(10_000));
        assertThat(Problem.parse(hard.toJson())).isEqualTo(hard);
        assertThat(bare.summary()).isEqualTo("T (TIMEOUT)");
    }
}
