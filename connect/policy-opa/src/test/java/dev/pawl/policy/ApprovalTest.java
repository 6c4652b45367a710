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
        return new Json(
                "{\"point\":\"effect\",\"effect\":{\"kind\":\"http\",\"name\":\"pay\",\"request\":" + request + "}}");
    }
}
