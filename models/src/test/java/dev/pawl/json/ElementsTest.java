package dev.pawl.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementsTest {

    @Test
    void elements_are_taken_out_as_they_stand() {
        record Row(String list, List<String> elements) {}
        var table = List.of(
                new Row("[]", List.of()),
                new Row(" [ ] ", List.of()),
                new Row("[null]", List.of("null")),
                new Row("[1,2.50,-3e4]", List.of("1", "2.50", "-3e4")),
                new Row(" [ 1 ,\t\"a\" ] ", List.of("1", "\"a\"")),
                new Row("[[],[[1],2],{}]", List.of("[]", "[[1],2]", "{}")),
                new Row("[\"],[\",\"\\\"]\",\"\\\\\"]", List.of("\"],[\"", "\"\\\"]\"", "\"\\\\\"")),
                new Row("[{\"a\":\"}\",\"b\":[1]},true]", List.of("{\"a\":\"}\",\"b\":[1]}", "true")));
        for (var row : table) {
            var elements = Elements.of(row.list);
            var found = IntStream.range(0, elements.size())
                    .mapToObj(i -> elements.get(i).text())
                    .toList();
            assertThat(found).as(row.list).isEqualTo(row.elements);
        }
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{\"a\":[1,{\"b\":2.50}]}   | /a/1/b   | 2.50",
                "{\"a\":[1,{\"b\":2}]}      | ``       | {\"a\":[1,{\"b\":2}]}",
                "{\"a\":1}                  | /b       | -",
                "{\"a\":1}                  | /a/b     | -",
                "[1,2]                      | /1       | 2",
                "[1,2]                      | /2       | -",
                "[1,2]                      | /01      | -",
                "[1,2]                      | /-       | -",
                "{\"\":7}                   | /        | 7",
                "{\"a/b\":{\"m~n\":1}}      | /a~1b/m~0n | 1",
                "{\"~1\":1}                 | /~01     | 1",
                "{\"a\\\"b\":3,\"\\u0063\":4} | /c     | 4",
                "{\"a\":{\"b\":1},\"b\":2}  | /b       | 2",
                "{ \"a\" : { \"b\" : [ 1 , 2 ] } } | /a/b | [ 1 , 2 ]",
            })
    void a_pointer_finds_what_it_names(String document, String pointer, String found) {
        assertThat(JsonScan.at(document, pointer)).isEqualTo(found);
    }
}
