package dev.pawl.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.spi.Policy.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sprintf} gives what OPA's own gives; the expectations are those of Go's fmt. */
class GoFormatTest {

    private static final OpaPolicy PRINTED = Cases.cases("printed");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "%v of %v                  | [3, \"x\"]                     | 3 of x",
                "%s: %d %%                 | [\"a\", 7]                     | a: 7 %",
                "%d                        | [5]                            | 5",
                "%q                        | [\"say \\\"hi\\\"\"]           | \"say \\\"hi\\\"\"",
                "%v %v %v                  | [true, null, 1.50]             | true null 1.5",
                "%v                        | [[1, \"a\", {\"k\": false}]]   | [1, \"a\", {\"k\": false}]",
                "%v                        | [123456789012345678901234567890] | 123456789012345678901234567890",
                "%v %v                     | [1e25, 0.00000123]             | 1e+25 1.23e-06",
                "%.2f %f                   | [2.345678, 0.5]                | 2.35 0.500000",
                "%x %X                     | [255, 255]                     | ff FF",
                "[%5d] [%-5s] [%05d]       | [42, \"ab\", -42]              | [   42] [ab   ] [-0042]",
                "%d                        | [\"five\"]                     | %!d(string=five)",
                "%s                        | [5]                            | %!s(int=5)",
                "%d %d                     | [1]                            | 1 %!d(MISSING)",
                "%d                        | [1, \"b\"]                     | 1%!(EXTRA string=b)",
                "$1 \\ %s                  | [\"$2 \\\\\"]                  | $1 \\ $2 \\",
            })
    void verbs_print_as_in_go(String format, String values, String expected) throws Exception {
        var decision = PRINTED.decide(asked(format, values));
        assertThat(decision.answer()).isEqualTo(Answer.ALLOW);
        assertThat(decision.reasons()).containsExactly(expected);
    }

    @Test
    void a_verb_that_is_not_known_is_a_denial_that_names_it() throws Exception {
        var decision = PRINTED.decide(asked("%U", "[7]"));
        assertThat(decision.answer()).isEqualTo(Answer.DENY);
        assertThat(decision.reasons()).singleElement().asString().contains("sprintf does not know %U here");
    }

    private static Json asked(String format, String values) {
        return new Json("{\"format\":" + Json.quote(format) + ",\"values\":" + values + "}");
    }
}
