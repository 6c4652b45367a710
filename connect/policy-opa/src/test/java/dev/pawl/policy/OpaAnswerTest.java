package dev.pawl.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.spi.Policy.Answer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any answer that is not clearly a yes is a no, and says why. */
class OpaAnswerTest {

    private static final OpaPolicy ECHO = Cases.cases("echo");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true                                              | ALLOW",
                "false                                             | DENY",
                "{\"allow\":true}                                  | ALLOW",
                "{\"allow\":false}                                 | DENY",
                "{\"allow\":true,\"approval\":true}                | APPROVAL",
                "{\"allow\":true,\"approval\":false,\"reasons\":[]} | ALLOW",
                "{\"allow\":false,\"approval\":true}               | DENY",
            })
    void a_boolean_or_an_object_is_an_answer(String answer, Answer expected) throws Exception {
        var decision = ECHO.decide(asked(answer));
        assertThat(decision.answer()).isEqualTo(expected);
        assertThat(decision.reasons()).isEmpty();
    }

    @Test
    void reasons_are_passed_on() throws Exception {
        var decision = ECHO.decide(asked("{\"allow\":false,\"reasons\":[\"too much\",\"tëo \\\"late\\\" 🦫\"]}"));
        assertThat(decision.reasons()).containsExactly("too much", "tëo \"late\" 🦫");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1                                           | the policy's answer is a number",
                "\"true\"                                    | the policy's answer is a string",
                "null                                        | the policy's answer is null",
                "[true]                                      | the policy's answer is a list",
                "{}                                          | the policy's answer has an allow that is missing",
                "{\"allow\":\"true\"}                        | the policy's answer has an allow that is a string",
                "{\"allow\":1}                               | the policy's answer has an allow that is a number",
                "{\"allow\":null}                            | the policy's answer has an allow that is null",
                "{\"allow\":{\"allow\":true}}                | the policy's answer has an allow that is an object",
                "{\"allow\":true,\"approval\":\"yes\"}       | the policy's answer has an approval that is a string",
                "{\"allow\":true,\"approval\":null}          | the policy's answer has an approval that is null",
                "{\"allow\":true,\"aproval\":true}           | the policy's answer has a field \"aproval\" that is not known",
                "{\"allow\":true,\"reasons\":\"because\"}    | the policy's answer has reasons that are a string",
                "{\"allow\":true,\"reasons\":[\"a\",7]}      | the policy's answer has a reason that is a number",
            })
    void another_shape_is_denied(String answer, String reason) throws Exception {
        var decision = ECHO.decide(asked(answer));
        assertThat(decision.answer()).isEqualTo(Answer.DENY);
        assertThat(decision.reasons()).singleElement().asString().startsWith(reason);
    }

    @Test
    void an_undefined_answer_is_denied() throws Exception {
        var decision = ECHO.decide(new Json("{\"question\":1}"));
        assertThat(decision.answer()).isEqualTo(Answer.DENY);
        assertThat(decision.reasons()).containsExactly("the policy's answer is undefined");
    }

    @Test
    void a_flood_of_reasons_is_cut() throws Exception {
        String reasons = IntStream.range(0, 100)
                .mapToObj(i -> Json.quote(i + "x".repeat(10_000)))
                .collect(Collectors.joining(",", "[", "]"));
        var decision = ECHO.decide(asked("{\"allow\":true,\"reasons\":" + reasons + "}"));
        assertThat(decision.answer()).isEqualTo(Answer.ALLOW);
        assertThat(decision.reasons()).hasSize(21).last().isEqualTo("… and 80 more");
        assertThat(decision.reasons()).allMatch(reason -> reason.length() <= 501);
    }

    /** A rule with two values, as OPA puts it. */
    @Test
    void an_error_of_the_evaluation_is_denied_and_harms_nothing_that_follows() throws Exception {
        var torn = Cases.cases("torn");
        assertThat(torn.decide(new Json("{\"a\":true}")).answer()).isEqualTo(Answer.ALLOW);
        var decision = torn.decide(new Json("{\"a\":true,\"b\":true}"));
        assertThat(decision.answer()).isEqualTo(Answer.DENY);
        assertThat(decision.reasons()).singleElement().asString().startsWith("the policy failed: cases.rego:");
        assertThat(torn.decide(new Json("{\"a\":true}")).answer()).isEqualTo(Answer.ALLOW);
    }

    /** It would be taken for no input at all, of which many policies find nothing to say. */
    @Test
    void a_document_that_the_policy_cannot_read_is_denied() throws Exception {
        var approval = OpaPolicy.load(Cases.SAMPLES.resolve("approval.wasm"));
        assertThat(approval.decide(new Json("{\"point\":\"after\"}")).answer()).isEqualTo(Answer.ALLOW);
        for (String broken : new String[] {"{\"point\":\"after\"", "nonsense", "[".repeat(200_000)}) {
            var decision = approval.decide(new Json(broken));
            assertThat(decision.answer()).as(broken).isEqualTo(Answer.DENY);
            assertThat(decision.reasons()).singleElement().asString().startsWith("the policy failed: ");
        }
        assertThat(approval.decide(new Json("{\"point\":\"after\"}")).answer()).isEqualTo(Answer.ALLOW);
    }

    @Test
    void nothing_of_one_document_is_seen_in_the_next() throws Exception {
        assertThat(ECHO.decide(asked("true")).answer()).isEqualTo(Answer.ALLOW);
        assertThat(ECHO.decide(new Json("{}")).answer()).isEqualTo(Answer.DENY);
        assertThat(ECHO.decide(new Json("{\"answer\":false,\"padding\":\"" + "x".repeat(3_000_000) + "\"}"))
                        .answer())
                .isEqualTo(Answer.DENY);
        assertThat(ECHO.decide(asked("true")).answer()).isEqualTo(Answer.ALLOW);
    }

    @Test
    void a_policy_can_print_what_it_was_given() throws Exception {
        String document = "{\"a\":[1,2.5,-3e-7,\"\\u0000é\\\\\"],\"b\":null}";
        var decision = Cases.cases("marshalled").decide(new Json(document));
        assertThat(decision.reasons())
                .singleElement()
                .asString()
                .contains("\"b\":null")
                .contains("[1,2.5,");
    }

    private static Json asked(String answer) {
        return new Json("{\"answer\":" + answer + "}");
    }
}
