package dev.pawl.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainmentTest {

    @ParameterizedTest(name = "{0} contains {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":[\"x\",\"y\"]} | {\"a\":[\"x\"]}        | true",
                "{\"a\":[\"x\",\"y\"]} | {\"a\":\"x\"}          | false",
                "{\"a\":[\"x\"]}       | {\"a\":[\"x\",\"x\"]}  | true",
                "[\"x\"]               | [\"x\",\"x\"]          | true",
                "[\"x\",\"y\"]         | [\"y\",\"x\"]          | true",
                "[]                    | []                     | true",
                "[1,2]                 | []                     | true",
                "{}                    | {}                     | true",
                "{\"a\":1}             | {}                     | true",
                "1                     | {}                     | false",
                "\"a\"                 | {}                     | false",
                "null                  | {}                     | false",
                "[]                    | {}                     | false",
                "[{}]                  | {}                     | false",
                "1                     | []                     | false",
                "{\"a\":null}          | {\"a\":null}           | true",
                "{}                    | {\"a\":null}           | false",
                "{\"a\":0}             | {\"a\":null}           | false",
                "{\"a\":false}         | {\"a\":null}           | false",
                "{\"a\":1}             | {\"a\":1.0}            | true",
                "{\"a\":1.50}          | {\"a\":1.5}            | true",
                "{\"a\":100}           | {\"a\":1e2}            | true",
                "{\"a\":1}             | {\"a\":\"1\"}          | false",
                "{\"a\":1}             | {\"a\":true}           | false",
                "{\"a\":0.1}           | {\"a\":0.10000000000000000001} | false",
                "{\"a\":9007199254740993} | {\"a\":9007199254740992} | false",
                "[[1,2],[3]]           | [[2]]                  | true",
                "[1,2,[1,3]]           | [1,3]                  | false",
                "[1,2,[1,3]]           | [[3]]                  | true",
                "[{\"a\":1,\"b\":2}]   | [{\"a\":1}]            | true",
                "[{\"a\":1},{\"b\":2}] | [{\"a\":1,\"b\":2}]    | false",
                "{\"a\":{\"b\":1,\"c\":2}} | {\"a\":{\"b\":1}}  | true",
                "{\"a\":{\"b\":1}}     | {\"a\":{\"b\":1,\"c\":2}} | false",
                "{\"a\":1,\"b\":2}     | {\"b\":2}              | true",
                "{\"a\":1}             | {\"b\":1}              | false",
                "{\"a\":[]}            | {\"a\":{}}             | false",
                "{\"a\":{}}            | {\"a\":[]}             | false",
            })
    void containment_is_that_of_postgres(String document, String pattern, boolean contains) {
        var codec = Codec.STANDARD;
        assertThat(Containment.contains(codec.tree(new Json(document)), codec.tree(new Json(pattern))))
                .isEqualTo(contains);
    }
}
