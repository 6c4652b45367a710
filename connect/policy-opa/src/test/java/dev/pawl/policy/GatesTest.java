package dev.pawl.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.spi.Policy;
import dev.pawl.spi.Policy.Answer;
import dev.pawl.spi.Policy.Decision;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample {@code gates.rego}, rule by rule. */
class GatesTest {

    private static final Policy GATES = gates(Cases.json(Cases.SAMPLES.resolve("gates.data.json")));

    private static final List<String> AGENTS = List.of("agent", "agent.once");

    private static OpaPolicy gates(Json data) {
        return OpaPolicy.load(
                Cases.SAMPLES.resolve("gates.wasm"),
                OpaSettings.DEFAULT.data(data).timeLimit(Duration.ofSeconds(30)));
    }

    // ---- what is fine ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"submit", "before", "effect", "after"})
    void an_ordinary_run_passes_every_point(String point) throws Exception {
        assertThat(GATES.decide(document(point).json())).isEqualTo(new Decision(Answer.ALLOW, List.of()));
    }

    // ---- every point ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"submit", "before", "effect", "after"})
    @DisplayName("E15: a blocked graph is denied")
    void a_blocked_program_is_denied(String point) throws Exception {
        denied(
                document(point).program("{\"name\":\"graph:retired\",\"version\":\"1\"}"),
                "the program graph:retired is blocked");
    }

    @Test
    void a_document_without_point_or_program_is_denied() throws Exception {
        denied(document("later"), "the point is unknown");
        denied(document("before").program("{}"), "the program has no name");
        assertThat(GATES.decide(new Json("{}")).reasons()).contains("the point is unknown", "the program has no name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"123456789\"", "1234567890123"})
    void a_run_without_a_proper_id_is_denied(String id) throws Exception {
        denied(document("before").run(id, "{}"), "the run has no id, or one of less than 10 characters");
        assertThat(GATES.decide(document("submit").run(id, "{}").json()).answer())
                .isEqualTo(Answer.ALLOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"gates\":{\"blocked_programs\":\"graph:x\"}}",
                "{\"gates\":{\"blocked\":[]}}",
                "{\"gates\":[]}"
            })
    void settings_that_do_not_fit_deny_everything(String data) throws Exception {
        var decision = gates(new Json(data)).decide(document("after").json());
        assertThat(decision.answer()).isEqualTo(Answer.DENY);
        assertThat(decision.reasons())
                .contains("the settings in data.gates do not fit: a name is misspelt or a value is of another type");
    }

    @Test
    void without_settings_the_defaults_hold() throws Exception {
        var plain = OpaPolicy.load(Cases.SAMPLES.resolve("gates.wasm"));
        assertThat(plain.decide(document("effect").json()).answer()).isEqualTo(Answer.ALLOW);
        assertThat(plain.decide(document("before").task("{\"index\":1001}").json())
                        .answer())
                .isEqualTo(Answer.DENY);
    }

    // ---- submit and before ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"submit", "before"})
    void no_input_is_denied(String point) throws Exception {
        denied(
                document(point).run("\"01JZZZZZZZZZZ\"", "null"),
                point.equals("submit") ? "the input is null or missing" : "the input is null");
    }

    /** It was looked at when the run was submitted. */
    @Test
    void an_input_too_large_to_be_told_again_is_fine() throws Exception {
        var whole = document("before").json().text();
        var without = whole.replace(",\"input\":{\"ticket\":7}", "");
        assertThat(without).isNotEqualTo(whole);
        assertThat(GATES.decide(new Json(without)).answer()).isEqualTo(Answer.ALLOW);
    }

    @ParameterizedTest
    @CsvSource({"0, ALLOW", "1000, ALLOW", "1001, DENY", "null, DENY", "'\"7\"', DENY"})
    void a_run_has_so_many_steps(String index, Answer expected) throws Exception {
        var decision = GATES.decide(
                document("before").task("{\"index\":" + index + "}").json());
        assertThat(decision.answer()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"dev, 100, ALLOW", "dev, 101, DENY", "live, 101, ALLOW"})
    void a_run_in_development_has_fewer(String stage, int index, Answer expected) throws Exception {
        var decision = GATES.decide(document("before")
                .task("{\"index\":" + index + "}")
                .labels("{\"stage\":\"" + stage + "\"}")
                .json());
        assertThat(decision.answer()).isEqualTo(expected);
    }

    // ---- submit and effect ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"email", "phone", "ssn", "creditCard"})
    @DisplayName("E15: personal fields without admin are denied")
    void personal_fields_need_an_admin(String field) throws Exception {
        String nested = "{\"people\":[{\"name\":\"x\",\"" + field + "\":null}]}";
        denied(document("effect").request(nested), "the personal field " + field + " needs an admin");
        denied(document("submit").run("null", nested), "the personal field " + field + " needs an admin");
        assertThat(GATES.decide(document("effect")
                                .request(nested)
                                .actor("\"admin@example.com\"")
                                .json())
                        .answer())
                .isEqualTo(Answer.ALLOW);
        denied(document("effect").request(nested).actor("null"), "the personal field " + field + " needs an admin");
    }

    /** Of a document that says nothing but the point, everything that it should say is missed. */
    @Test
    void what_is_missing_is_not_overlooked() throws Exception {
        var unnamed = "the program has no name";
        var unknown = "the run has no id, or one of less than 10 characters";
        assertThat(said("submit")).containsExactlyInAnyOrder(unnamed, "the input is null or missing");
        assertThat(said("before")).containsExactlyInAnyOrder(unnamed, unknown, "the step is not a number up to 1000");
        assertThat(said("effect")).containsExactlyInAnyOrder(unnamed, unknown, "the effect has no kind");
        assertThat(said("after")).containsExactlyInAnyOrder(unnamed, unknown);
        assertThat(GATES.decide(
                                new Json(
                                        "{\"point\":\"effect\",\"effect\":{\"kind\":\"artifact.write\",\"request\":{\"phone\":1}}}"))
                        .reasons())
                .contains("the personal field phone needs an admin", "a path to write is not below healing/");
    }

    private static List<String> said(String point) throws Exception {
        return GATES.decide(new Json("{\"point\":\"" + point + "\"}")).reasons();
    }

    @Test
    void words_in_values_are_no_fields() throws Exception {
        String request = "{\"text\":\"my \\\"email\\\": none\",\"emails\":1,\"list\":[\"email\"]}";
        assertThat(GATES.decide(document("effect").request(request).json()).answer())
                .isEqualTo(Answer.ALLOW);
    }

    @Test
    void a_payload_over_ten_megabytes_is_denied() throws Exception {
        String large = "\"" + "x".repeat(10_485_760) + "\"";
        denied(document("effect").request(large), "the payload is larger than 10485760 characters of JSON");
        String fits = "\"" + "x".repeat(10_485_758) + "\"";
        assertThat(GATES.decide(document("effect").request(fits).json()).reasons())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "https://example.com/?a=1&phone=2 | json | {}            | DENY",
                "https://example.com/?phone=2     | json | {}            | DENY",
                "https://example.com/?phones=2    | json | {}            | ALLOW",
                "https://example.com/phone=2      | json | {}            | ALLOW",
                "https://example.com/             | json | {\"phone\":2} | DENY",
                "https://example.com/             | form | \"phone=2\"   | DENY",
                "https://example.com/             | form | \"a=1&phone=\" | DENY",
                "https://example.com/             | form | \"a=phone&b=1\" | ALLOW",
                "https://example.com/             | text | \"phone=2\"   | ALLOW",
            })
    void personal_fields_are_found_in_calls_over_http(String url, String type, String body, Answer expected)
            throws Exception {
        String contentType = type.equals("form") ? "application/X-WWW-form-urlencoded; charset=utf-8" : type;
        for (String kind : List.of("http", "http.once")) {
            var decision = GATES.decide(document("effect")
                    .effect(("{\"kind\":\"%s\",\"name\":\"x\",\"request\":{\"method\":\"POST\",\"url\":\"%s\","
                                    + "\"headers\":{\"content-type\":\"%s\"},\"body\":%s}}")
                            .formatted(kind, url, contentType, body))
                    .json());
            assertThat(decision.answer()).as(kind).isEqualTo(expected);
        }
    }

    /** As they are written down: only the hash of what is large, of a request as a whole or of a body in it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sha256\":\"ab\",\"length\":%s,\"beginning\":\"{\"}",
                "{\"method\":\"POST\",\"url\":\"https://example.com/\",\"headers\":{},\"body\":{\"sha256\":\"ab\",\"size\":%s}}"
            })
    void what_is_too_large_to_be_seen_needs_an_admin_and_has_a_size(String request) throws Exception {
        var fits = document("effect").request(request.formatted("10485760"));
        var large = document("effect").request(request.formatted("10485761"));
        denied(fits, "a request too large to look for personal fields in it needs an admin");
        assertThat(GATES.decide(fits.actor("\"admin@example.com\"").json()).answer())
                .isEqualTo(Answer.ALLOW);
        denied(large.actor("\"admin@example.com\""), "the payload is larger than 10485760 characters of JSON");
        assertThat(gates(new Json("{\"gates\":{\"personal\":[]}}"))
                        .decide(fits.json())
                        .answer())
                .isEqualTo(Answer.ALLOW);
    }

    // ---- effect ---------------------------------------------------------------------------------------------------

    @Test
    void an_effect_has_a_kind() throws Exception {
        denied(document("effect").effect("{\"request\":{}}"), "the effect has no kind");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"to\":\"hacker\"}",
                "{\"specialist\":\"healer\"}",
                "{}",
                "{\"to\":null}",
                "{\"to\":[\"healer\"]}",
                "[]"
            })
    void an_unknown_specialist_is_denied(String request) throws Exception {
        for (String kind : AGENTS) {
            denied(document("effect").agent(kind, request), "the specialist is not one of the list");
        }
    }

    @Test
    void the_selector_history_is_for_the_healer() throws Exception {
        String input = "{\"nested\":[{\"selectorHistory\":[]}]}";
        for (String kind : AGENTS) {
            assertThat(GATES.decide(document("effect")
                                    .agent(kind, message("healer", input))
                                    .json())
                            .answer())
                    .isEqualTo(Answer.ALLOW);
            denied(
                    document("effect").agent(kind, message("analyzer", input)),
                    "only the healer may see selectorHistory");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"writes\":[\"healing/a\",\"healing/b\"]} | ALLOW",
                "{\"writes\":[]}                            | ALLOW",
                "{}                                         | ALLOW",
                "{\"writes\":[\"healing/a\",\"secrets/b\"]} | DENY",
                "{\"writes\":[\"healing/../secrets\"]}      | DENY",
                "{\"writes\":[7]}                           | DENY",
                "{\"writes\":{\"a\":\"healing/a\"}}         | DENY",
                "{\"writes\":\"healing/a\"}                 | DENY",
                "{\"writes\":null}                          | DENY",
                "{\"writes\":false}                         | DENY",
            })
    void agents_write_in_their_folder(String input, Answer expected) throws Exception {
        for (String kind : AGENTS) {
            var decision = GATES.decide(
                    document("effect").agent(kind, message("healer", input)).json());
            assertThat(decision.answer()).as(kind).isEqualTo(expected);
        }
    }

    /** As {@code Agents} writes them down. */
    private static String message(String to, String input) {
        return ("{\"to\":\"%s\",\"type\":\"specialist-invocation\",\"envelope\":{\"meta\":{},"
                        + "\"slice\":{\"id\":\"1\",\"type\":\"heal\",\"input\":%s}}}")
                .formatted(to, input);
    }

    @ParameterizedTest
    @CsvSource({
        "artifact.write, '\"healing/a\"', ALLOW",
        "artifact.write, '\"other/a\"', DENY",
        "artifact.write, '\"healing/../a\"', DENY",
        "artifact.write, null, DENY",
        "artifact.delete, '\"other/a\"', DENY",
        "artifact.read, '\"other/a\"', ALLOW"
    })
    void artifacts_are_written_in_their_folder(String kind, String name, Answer expected) throws Exception {
        var decision = GATES.decide(document("effect")
                .effect(("{\"kind\":\"%s\",\"name\":%s,\"request\":{\"name\":%s,\"mediaType\":\"text/plain\","
                                + "\"sha256\":\"ab\",\"bytes\":1,\"reference\":\"\"}}")
                        .formatted(kind, name, name))
                .json());
        assertThat(decision.answer()).isEqualTo(expected);
    }

    // ---- after ----------------------------------------------------------------------------------------------------

    @Test
    void a_critical_failure_is_denied() throws Exception {
        denied(
                document("after")
                        .task("{\"index\":1,\"output\":{\"status\":\"failure\",\"error\":{\"code\":\"CRITICAL\"}}}"),
                "the task failed as CRITICAL");
        assertThat(GATES.decide(document("after")
                                .task(
                                        "{\"index\":1,\"output\":{\"status\":\"failure\",\"error\":{\"code\":\"TIMEOUT\"}}}")
                                .json())
                        .answer())
                .isEqualTo(Answer.ALLOW);
    }

    @Test
    void success_together_with_an_error_is_denied() throws Exception {
        denied(
                document("after").task("{\"output\":{\"status\":\"success\",\"error\":{\"code\":\"X\"}}}"),
                "the task says both that it succeeded and that it failed");
    }

    @ParameterizedTest
    @CsvSource({"30000, ALLOW", "30001, DENY", "'\"1\"', DENY"})
    void a_task_takes_half_a_minute_at_most(String millis, Answer expected) throws Exception {
        var decision = GATES.decide(document("after")
                .task("{\"output\":{\"status\":\"success\",\"metrics\":{\"durationMs\":" + millis + "}}}")
                .json());
        assertThat(decision.answer()).isEqualTo(expected);
    }

    // ---- documents ------------------------------------------------------------------------------------------------

    private static void denied(Document document, String reason) throws Exception {
        assertThat(GATES.decide(document.json())).isEqualTo(new Decision(Answer.DENY, List.of(reason)));
    }

    private static Document document(String point) {
        return new Document(
                point,
                "{\"name\":\"graph:support\",\"version\":\"3\"}",
                "\"01JZZZZZZZZZZ\"",
                "{\"ticket\":7}",
                "{\"name\":\"draft\",\"index\":1,\"attempt\":1}",
                "{\"kind\":\"http\",\"name\":\"llm.draft\",\"request\":{\"url\":\"https://example.com/\"}}",
                "\"ann\"",
                "{\"team\":\"support\"}");
    }

    /** The document that policies are asked about, its parts as JSON. */
    private record Document(
            String point,
            String program,
            String id,
            String input,
            String task,
            String effect,
            String actor,
            String labels) {

        Json json() {
            return new Json(
                    ("{\"point\":\"%s\",\"program\":%s,\"run\":{\"id\":%s,\"labels\":%s,\"actor\":%s,\"tenant\":\"shop\","
                                    + "\"queue\":\"default\",\"key\":null,\"input\":%s},\"task\":%s,\"effect\":%s,\"actor\":%s,\"labels\":%s}")
                            .formatted(point, program, id, labels, actor, input, task, effect, actor, labels));
        }

        Document program(String json) {
            return new Document(point, json, id, input, task, effect, actor, labels);
        }

        Document run(String newId, String newInput) {
            return new Document(point, program, newId, newInput, task, effect, actor, labels);
        }

        Document task(String json) {
            return new Document(point, program, id, input, json, effect, actor, labels);
        }

        Document effect(String json) {
            return new Document(point, program, id, input, task, json, actor, labels);
        }

        Document request(String json) {
            return effect("{\"kind\":\"http\",\"name\":\"llm.draft\",\"request\":" + json + "}");
        }

        Document agent(String kind, String json) {
            return effect("{\"kind\":\"" + kind + "\",\"name\":\"ask\",\"request\":" + json + "}");
        }

        Document actor(String json) {
            return new Document(point, program, id, input, task, effect, json, labels);
        }

        Document labels(String json) {
            return new Document(point, program, id, input, task, effect, actor, json);
        }
    }
}
