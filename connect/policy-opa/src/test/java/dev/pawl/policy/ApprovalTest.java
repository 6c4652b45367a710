package dev.pawl.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.spi.Policy.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample {@code approval.rego}, with a limit of 1000. */
class ApprovalTest {

    private static final OpaPolicy APPROVAL = approval(Cases.json(Cases.SAMPLES.resolve("approval.data.json")));

    private static OpaPolicy approval(Json data) {
        return OpaPolicy.load(Cases.SAMPLES.resolve("approval.wasm"), OpaSettings.DEFAULT.data(data));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"amount\":1000}                         | ALLOW",
                "{\"amount\":1000.01}                      | APPROVAL",
                "{\"amount\":-5000}                        | APPROVAL",
                "{\"amount\":\"10\"}                       | APPROVAL",
                "{\"amount\":null}                         | APPROVAL",
                "{\"body\":{\"lines\":[{\"amount\":1},{\"amount\":2000}]}} | APPROVAL",
                "{\"url\":\"https://example.com/\"}        | ALLOW",
                "\"amount\"                                | ALLOW",
                "null                                      | ALLOW",
            })
    void an_amount_above_the_limit_needs_approval(String request, Answer expected) throws Exception {
        assertThat(APPROVAL.decide(effect(request)).answer()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/?amount=1000      | \"application/json\" | {}                      | ALLOW",
                "/?a=1&amount=1000.01 | \"application/json\" | {}                    | APPROVAL",
                "/                  | \"application/json\" | {\"amount\":1001}       | APPROVAL",
                "/                  | \"application/json\" | {\"to\":{\"amount\":1}} | ALLOW",
                "/                  | \"application/x-www-form-urlencoded\" | \"amount=1000&to=ann\"   | ALLOW",
                "/                  | \"application/x-www-form-urlencoded\" | \"to=ann&amount=1001\"   | APPROVAL",
                "/                  | \"application/x-www-form-urlencoded\" | \"amount=1&amount=1001\" | APPROVAL",
                "/                  | \"Application/X-WWW-Form-Urlencoded;charset=utf-8\" | \"amount=9e9\" | APPROVAL",
                "/                  | \"application/x-www-form-urlencoded\" | \"amount=01\"            | APPROVAL",
                "/                  | \"application/x-www-form-urlencoded\" | \"amount=\"              | APPROVAL",
                "/                  | \"application/x-www-form-urlencoded\" | \"amounts=5000\"         | ALLOW",
                "/                  | \"text/plain\"       | \"the amount=5000\"     | ALLOW",
                "/                  | \"text/plain\"       | {\"sha256\":\"ab\",\"size\":70000} | APPROVAL",
                "/                  | null                 | null                    | ALLOW",
            })
    void amounts_are_found_in_calls_over_http(String path, String type, String body, Answer expected) throws Exception {
        var request =
                "{\"method\":\"POST\",\"url\":\"https://example.com%s\",\"headers\":{\"content-type\":%s},\"body\":%s}"
                        .formatted(path, type, body);
        for (String kind : new String[] {"http", "http.once"}) {
            assertThat(APPROVAL.decide(effect(kind, request)).answer()).as(kind).isEqualTo(expected);
        }
    }

    @Test
    void what_is_too_large_to_be_seen_needs_approval() throws Exception {
        var decision = APPROVAL.decide(effect("call", "{\"sha256\":\"ab\",\"length\":70000,\"beginning\":\"{\\\"a\"}"));
        assertThat(decision.answer()).isEqualTo(Answer.APPROVAL);
        assertThat(decision.reasons()).containsExactly("the request is too large to look for amounts in it");
    }

    @Test
    void the_reason_names_the_amount() throws Exception {
        assertThat(APPROVAL.decide(effect("{\"amount\":5000}")).reasons())
                .containsExactly("the amount 5000 is above the limit or cannot be compared with it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"approval\":{\"limit\":\"1000\"}}", "{\"approval\":{\"limit\":null}}"})
    void without_a_limit_every_amount_needs_approval(String data) throws Exception {
        assertThat(approval(new Json(data)).decide(effect("{\"amount\":1}")).answer())
                .isEqualTo(Answer.APPROVAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit", "before", "after"})
    void only_effects_need_approval(String point) throws Exception {
        assertThat(APPROVAL.decide(new Json("{\"point\":\"" + point + "\",\"run\":{\"input\":{\"amount\":5000}}}"))
                        .answer())
                .isEqualTo(Answer.ALLOW);
    }

    private static Json effect(String request) {
        return effect("call", request);
    }

    private static Json effect(String kind, String request) {
        return new Json("{\"point\":\"effect\",\"effect\":{\"kind\":\"" + kind + "\",\"name\":\"pay\",\"request\":"
                + request + "}}");
    }
}
