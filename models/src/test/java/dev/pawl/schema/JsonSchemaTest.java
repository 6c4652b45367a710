package dev.pawl.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single quotes stand for double ones here. */
class JsonSchemaTest {

    private static final String DRAFT_7 = "'$schema':'http://json-schema.org/draft-07/schema#'";

    private static Json json(String text) {
        return new Json(text.replace('\'', '"'));
    }

    private static List<String> check(String schema, String document) {
        return JsonSchema.of(json(schema)).check(json(document)).stream()
                .map(Violation::toString)
                .map(violation -> violation.replace('"', '\''))
                .toList();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'object'}                           | []            | expected an object, found []",
                "{'type':['integer','null']}                 | 'x'           | expected a whole number or null, found 'x'",
                "{'type':'integer'}                          | 1.5           | expected a whole number, found 1.5",
                "{'properties':{'a':{'type':'string'}}}      | {'a':null}    | /a: expected a string, found null",
                "{'properties':{'a/b~c':{'type':'string'}}}  | {'a/b~c':0}   | /a~1b~0c: expected a string, found 0",
                "{'required':['a/b']}                        | {}            | /a~1b: expected a value, found nothing",
                "{'properties':{'o':{'required':['x']}}}     | {'o':{}}      | /o/x: expected a value, found nothing",
                "{'dependentRequired':{'a':['b']}}           | {'a':1}       | /b: expected a value, because a is there, found nothing",
                "{'additionalProperties':false}              | {'a':[1]}     | /a: expected no property of this name, found [1]",
                "{'unevaluatedProperties':false}             | {'a':[1]}     | /a: expected no property of this name, found [1]",
                "{'propertyNames':{'maxLength':1}}           | {'ab':1}      | /ab: expected another name, which must be at most 1 characters long, found 1",
                "{'enum':['a',1]}                            | false         | expected one of ['a',1], found false",
                "{'const':'1.0'}                             | '1'           | expected '1.0', found '1'",
                "{'pattern':'^x$'}                           | 'y'           | expected a text that matches ^x$, found 'y'",
                "{'pattern':'^x$','title':'an x'}            | 'y'           | expected an x, found 'y'",
                "{'pattern':'^x$','title':'X mark'}          | 'y'           | expected a text that matches ^x$, found 'y'",
                "{'items':{'$ref':'#/$defs/u'},'$defs':{'u':{'format':'uuid','title':'a UUID of ours'}}} | ['x'] | /0: expected a UUID of ours, found 'x'",
                "{'format':'uuid'}                           | 'x'           | expected a UUID, found 'x'",
                "{'format':'date-time'}                      | '2026-02-30T00:00:00Z' | expected a date and time such as 2026-01-31T12:00:00Z, found '2026-02-30T00:00:00Z'",
                "{'minimum':1}                               | 0             | expected at least 1, found 0",
                "{'maximum':9007199254740992}                | 9007199254740993 | expected at most 9007199254740992, found 9007199254740993",
                "{'exclusiveMinimum':1}                      | 1             | expected more than 1, found 1",
                "{'exclusiveMaximum':1}                      | 1.0           | expected less than 1, found 1.0",
                "{'multipleOf':0.01}                         | 0.015         | expected a multiple of 0.01, found 0.015",
                "{'minLength':1}                             | ''            | expected at least 1 character, found ''",
                "{'maxLength':2}                             | 'abc'         | expected at most 2 characters, found 'abc'",
                "{'minItems':2}                              | [0]           | expected at least 2 elements, found [0]",
                "{'maxProperties':0}                         | {'a':1}       | expected at most 0 properties, found {'a':1}",
                "{'minProperties':1}                         | {}            | expected at least 1 property, found {}",
                "{'uniqueItems':true}                        | [1,1.0]       | expected no element twice, found [1,1.0]",
                "{'contains':{'const':1}}                    | [2]           | expected at least 1 of the elements to fit {'const':1}, found [2]",
                "{'prefixItems':[true],'items':false}        | [1,2]         | /1: expected no element here, found 2",
                "{'anyOf':[{'type':'string'},{'type':'array'}]} | 1          | expected a string or a list, found 1",
                "{'oneOf':[{'type':'string'},{'minimum':3}]} | 1             | expected a string or at least 3, found 1",
                "{'oneOf':[{'type':'number'},{'minimum':3}]} | 5             | expected to fit only one of the alternatives, not 2, found 5",
                "{'not':{'type':'string'}}                   | ''            | expected anything but {'type':'string'}, found ''",
                "{'properties':{'a':false}}                  | {'a':0}       | /a: expected nothing, found 0",
            })
    void a_violation_says_where_what_is_expected_and_what_is_found(String schema, String document, String violation) {
        assertThat(check(schema, document)).containsExactly(violation);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'integer'}          | 1.0",
                "{'type':'integer'}          | 123456789012345678901234567890",
                "{'const':1}                 | 1.0",
                "{'format':'date-time'}      | '2026-01-31T12:00:00.5+02:00'",
                "{'format':'uuid'}           | 'D2F1B8C0-0000-4000-8000-000000000000'",
                "{'format':'uuid'}           | 7",
                "{'multipleOf':0.01}         | 0.07",
                "{'type':'null'}             | null",
                "{'maxLength':1}             | '\ud83d\ude00'",
                "{'x-other':1,'title':'T'}   | 1",
                "true                        | 1",
                "{'items':{'$ref':'#'}}      | [[[]],[]]",
                "{'$id':'https://me/root','$ref':'part','$defs':{'p':{'$id':'part','type':'string'}}} | ''",
            })
    void what_fits_passes(String schema, String document) {
        assertThat(check(schema, document)).isEmpty();
        assertThatCode(() -> JsonSchema.of(json(schema)).require("It", json(document)))
                .doesNotThrowAnyException();
    }

    @Test
    void every_violation_is_listed() {
        assertThat(check("{'required':['a','b'],'properties':{'c':{'type':'string','minLength':1}}}", "{'c':''}"))
                .containsExactlyInAnyOrder(
                        "/a: expected a value, found nothing",
                        "/b: expected a value, found nothing",
                        "/c: expected at least 1 character, found ''");
    }

    @Test
    void the_draft_is_the_one_that_the_schema_names() {
        var list = ",'items':[{'type':'string'}],'additionalItems':false}";
        assertThat(check("{" + DRAFT_7 + list, "[1,2]"))
                .containsExactly("/0: expected a string, found 1", "/1: expected no element here, found 2");
        assertThat(check("{" + DRAFT_7.replace("http:", "https:").replace("#", "") + list, "[1]"))
                .containsExactly("/0: expected a string, found 1");
        assertThat(check("{" + DRAFT_7 + ",'prefixItems':[{'type':'string'}]}", "[1]"))
                .isEmpty();
        assertThat(check("{'prefixItems':[{'type':'string'}]}", "[1]")).isNotEmpty();
        assertThat(check("{" + DRAFT_7 + ",'format':'uuid'}", "'x'")).containsExactly("expected a UUID, found 'x'");
        assertThat(check(
                        "{'$schema':'https://json-schema.org/draft/2020-12/schema','prefixItems':[{'type':'string'}]}",
                        "[1]"))
                .isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$ref':'https://example.com/a.json'}    | https://example.com/a.json",
                "{'properties':{'x':{'$ref':'b.json'}}}   | b.json",
                "{'$ref':'file:///etc/hostname'}          | file:///etc/hostname",
                "{'$ref':'classpath:draft-07/schema'}     | classpath:draft-07/schema",
                "{'$ref':'#/$defs/a','$defs':{'a':{'items':{'$ref':'http://localhost/c'}}}} | http://localhost/c",
                "{'items':{'$dynamicRef':'https://example.com/d'}} | https://example.com/d",
                "{'$ref':'#/$defs/none'}                  | /$defs/none",
                "{'$schema':'https://example.com/meta'}   | https://example.com/meta",
                "{'$schema':'http://json-schema.org/draft-04/schema#'} | draft-04",
                "{'$schema':7}                            | 7",
                "{'$defs':{'a':{'$schema':'https://example.com/meta'}},'$ref':'#/$defs/a'} | https://example.com/meta",
            })
    void what_is_not_inside_a_schema_is_refused_at_once_and_never_fetched(String schema, String named) {
        assertThatThrownBy(() -> JsonSchema.of(json(schema)))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("This is no JSON Schema that can be used: ")
                .hasMessageContaining(named);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'text'}                        | /type: expected one of",
                "{'properties':{'a':{'minimum':'1'}}}   | /properties/a/minimum: expected a number, found '1'",
                "{'required':'a'}                       | /required: expected a list, found 'a'",
                "{'properties':[]}                      | /properties: expected an object, found []",
                "{'pattern':'('}                        | /pattern: expected a text in the format regex, found '('",
                "7                                      | expected an object or true or false, found 7",
                "[]                                     | expected an object or true or false, found []",
                "{'$schema':'http://json-schema.org/draft-07/schema#','type':'text'} | /type: expected one of",
            })
    void a_malformed_schema_is_refused_at_once(String schema, String why) {
        assertThatThrownBy(() -> JsonSchema.of(json(schema)))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("This is no JSON Schema that can be used: " + why.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{'a'}", "{} {}"})
    void what_is_no_json_is_refused(String text) {
        assertThatThrownBy(() -> JsonSchema.of(json(text))).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> JsonSchema.of("{}").check(json(text))).isInstanceOf(Failure.Logic.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$ref':'#'}",
                "{'$dynamicRef':'#'}",
                "{'not':{'anyOf':[{'$ref':'#'}]}}",
                "{'if':{'$ref':'#'},'unevaluatedProperties':false}"
            })
    void a_schema_that_refers_to_itself_without_end_does_not_overflow_the_stack(String schema) {
        var endless = JsonSchema.of(json(schema));
        assertThatThrownBy(() -> endless.check(new Json("{}")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessage(
                        "The document cannot be checked: it is nested too deep, or the schema refers to itself without"
                                + " end.");
    }

    @Test
    void deep_documents_are_checked() {
        var nested = new Json("[".repeat(300) + "1" + "]".repeat(300));
        assertThat(JsonSchema.of(json("{'type':'array','items':{'$ref':'#'}}")).check(nested))
                .containsExactly(new Violation("/0".repeat(300), "a list", "1"));
        assertThat(JsonSchema.of(json("{'items':{'$ref':'#'}}")).check(nested)).isEmpty();
    }

    @Test
    void requiring_lists_a_bounded_number_of_violations() {
        var schema = JsonSchema.of("{\"items\":{\"type\":\"string\"}}");
        assertThatThrownBy(() -> schema.require("The input of node \"draft\"", new Json("[1,2]")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessage("The input of node \"draft\" does not fit its schema: /0: expected a string, found 1;"
                        + " /1: expected a string, found 2.");
        var many = new Json(IntStream.range(0, 1000).boxed().toList().toString());
        assertThat(schema.check(many)).hasSize(1000);
        assertThatThrownBy(() -> schema.require("It", many))
                .hasMessageEndingWith("/9: expected a string, found 9; and 990 more.");
    }

    @Test
    void what_is_found_is_cut() {
        var found = JsonSchema.of("{\"type\":\"null\"}")
                .check(new Json("\"" + "x".repeat(1000) + "\""))
                .getFirst();
        assertThat(found).isEqualTo(new Violation("", "null", "\"" + "x".repeat(99) + "…"));
    }

    @Test
    void schemas_of_one_content_are_equal() {
        var one = JsonSchema.of("{\"type\": \"number\", \"minimum\": 1.0}");
        assertThat(one)
                .isEqualTo(JsonSchema.of("{\"minimum\":1,\"type\":\"number\"}"))
                .hasSameHashCodeAs(JsonSchema.of("{\"minimum\":1,\"type\":\"number\"}"))
                .isNotEqualTo(JsonSchema.of("{\"minimum\":2,\"type\":\"number\"}"))
                .hasToString("{\"minimum\":1,\"type\":\"number\"}");
        assertThat(one.json()).isEqualTo(new Json("{\"minimum\":1,\"type\":\"number\"}"));
        assertThat(JsonSchema.of(one.json())).isEqualTo(one);
    }

    @Test
    void many_threads_check_with_one_schema() throws Exception {
        var schema = JsonSchema.of(json(
                "{'type':'object','properties':{'n':{'$ref':'#'},'v':{'minimum':5}},'unevaluatedProperties':false}"));
        Callable<List<Violation>> wrong = () -> schema.check(json("{'n':{'n':{'v':4}},'v':5}"));
        Callable<List<Violation>> right = () -> schema.check(json("{'n':{'n':{'v':5}},'v':5}"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var found = threads.invokeAll(IntStream.range(0, 2000)
                    .mapToObj(i -> i % 2 == 0 ? wrong : right)
                    .toList());
            for (int i = 0; i < found.size(); i += 2) {
                assertThat(found.get(i).get()).containsExactly(new Violation("/n/n/v", "at least 5", "4"));
                assertThat(found.get(i + 1).get()).isEmpty();
            }
        }
    }
}
