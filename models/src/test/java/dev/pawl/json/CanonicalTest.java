package dev.pawl.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;
import org.erdtman.jcs.NumberToJSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** RFC 8785, held against the reference implementation of its author. A failure of a random test names its seed. */
class CanonicalTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static String canonical(String text) {
        return Canonical.of(new Json(text));
    }

    @Test
    void the_example_of_the_rfc_in_section_3_2_has_its_form_and_its_bytes() {
        String document = """
                {"numbers": [1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                 "literals": [null, true, false]}""";
        assertThat(canonical(document))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
        assertThat(HexFormat.ofDelimiter(" ").formatHex(Canonical.bytes(new Json(document))))
                .startsWith("7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72")
                .endsWith("22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d");
    }

    @Test
    void members_are_sorted_by_utf_16_code_units_as_in_section_3_2_3() {
        assertThat(canonical(
                        "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With"
                                + " Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
                                + "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}"))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2",
    })
    void the_doubles_of_appendix_b_have_their_texts(String bits, String text) {
        var node = NODES.numberNode(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16)));
        assertThat(Canonical.of(node)).isEqualTo(text);
        assertThat(canonical(node.toString())).as("from text").isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void what_is_no_number_in_json_is_refused(double value) {
        assertThatThrownBy(() -> Canonical.of(NODES.arrayNode().add(value)))
                .isInstanceOf(Failure.Logic.class)
                .hasMessage(value + " is no number in JSON. Write null or a string instead.");
        assertThatThrownBy(() -> Canonical.of(NODES.numberNode((float) value))).isInstanceOf(Failure.Logic.class);
    }

    @Test
    void what_is_no_json_is_refused() {
        assertThatThrownBy(() -> Canonical.of(NODES.pojoNode(new Object()))).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> Canonical.of(NODES.missingNode())).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> canonical("{")).isInstanceOf(Failure.Logic.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000000000000000000000"})
    void one_number_has_one_text_however_it_is_spelled(String spelled) {
        assertThat(canonical(spelled)).isEqualTo("1");
        assertThat(canonical("-" + spelled)).isEqualTo("-1");
    }

    @Test
    void one_number_has_one_text_whatever_node_holds_it() {
        for (JsonNode node : new JsonNode[] {
            NODES.numberNode(1500),
            NODES.numberNode((short) 1500),
            NODES.numberNode(1500L),
            NODES.numberNode(BigInteger.valueOf(1500)),
            NODES.numberNode(1500.0),
            NODES.numberNode(1500f),
            NODES.numberNode(new BigDecimal("1.5e3"))
        }) {
            assertThat(Canonical.of(node)).as(node.getClass().getSimpleName()).isEqualTo("1500");
        }
        assertThat(Canonical.of(NODES.numberNode(0.1f))).isEqualTo("0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "0.0", "-0.0", "0e5", "-0e-5"})
    void zero_has_one_text(String zero) {
        assertThat(canonical(zero)).isEqualTo("0");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "9007199254740993, 9007199254740993",
        "1152921504606846976, 1152921504606846976",
        "9223372036854775807, 9223372036854775807",
        "123456789012345678901, 123456789012345678901",
        "1234567890123456789012, 1.234567890123456789012e+21",
        "1000000000000000000000, 1e+21",
        "0.10000000000000000001, 0.10000000000000000001",
        "333333333.33333329, 333333333.33333329",
        "4.8e-324, 4.8e-324",
        "1e400, 1e+400",
        "-1e-400, -1e-400",
        "10e2147483647, 1e+2147483648",
        "12e-8, 1.2e-7",
        "12e-7, 0.0000012",
    })
    void numbers_that_no_double_spells_keep_all_their_digits(String number, String text) {
        assertThat(canonical(number)).isEqualTo(text);
    }

    @Test
    void bytes_are_the_base64_that_would_be_written() {
        var bytes = NODES.binaryNode(new byte[] {1, 2});
        assertThat(Canonical.of(bytes)).isEqualTo("\"AQI=\"").isEqualTo(canonical(bytes.toString()));
    }

    @Test
    void half_a_surrogate_pair_is_escaped() {
        assertThat(Canonical.of(NODES.stringNode("a\ud800b\udc00\ud83d\ude00\ud83d")))
                .isEqualTo("\"a\\ud800b\\udc00\ud83d\ude00\\ud83d\"");
    }

    @Test
    void random_doubles_have_the_text_of_the_reference_implementation() throws Exception {
        var random = new RandomJson(1);
        for (int i = 0; i < 200_000; i++) {
            double value = random.finite();
            String text = NumberToJSON.serializeNumber(value);
            assertThat(Canonical.of(NODES.numberNode(value))).isEqualTo(text);
        }
        // The smallest, where Java spells differently.
        for (long bits = 1; bits < 2_000; bits++) {
            double value = Double.longBitsToDouble(bits);
            String text = NumberToJSON.serializeNumber(value);
            assertThat(Canonical.of(NODES.numberNode(value))).isEqualTo(text);
            assertThat(canonical(Double.toString(value))).isEqualTo(text);
            assertThat(canonical(text)).isEqualTo(text);
        }
    }

    @Test
    void random_documents_have_the_form_of_the_reference_implementation() throws Exception {
        for (long seed = 0; seed < 5_000; seed++) {
            JsonNode document = NODES.arrayNode().add(new RandomJson(seed).document(4));
            String expected = new JsonCanonicalizer(document.toString()).getEncodedString();
            assertThat(Canonical.of(document)).as("seed %d", seed).isEqualTo(expected);
            assertThat(canonical(document.toString()))
                    .as("seed %d, from text", seed)
                    .isEqualTo(expected);
            assertThat(canonical(expected)).as("seed %d, again", seed).isEqualTo(expected);
            assertThat(Canonical.bytes(document))
                    .as("seed %d", seed)
                    .isEqualTo(expected.getBytes(StandardCharsets.UTF_8));
        }
    }
}
