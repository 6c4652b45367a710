package dev.pawl.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashTest {

    private static String hash(String text) {
        return Hash.of(new Json(text));
    }

    @Test
    void a_hash_is_the_sha_256_of_the_canonical_form_in_full() {
        // printf '{"a":1,"b":[null,"x"]}' | sha256sum
        assertThat(hash("{ \"b\": [null, \"x\"], \"a\": 1.0 }"))
                .isEqualTo("9111423b56df6a6dc3664593d95fc4d933435d115ebdb73e69a74ab3dd07a3f5");
    }

    @Test
    void e13_a_hash_does_not_depend_on_the_order_of_keys_at_any_depth() {
        assertThat(hash("{\"a\":{\"x\":1,\"y\":[{\"p\":1,\"q\":2}]},\"b\":2}"))
                .isEqualTo(hash("{\"b\":2,\"a\":{\"y\":[{\"q\":2,\"p\":1}],\"x\":1}}"));
        for (long seed = 0; seed < 500; seed++) {
            var random = new RandomJson(seed);
            var document = random.document(4);
            assertThat(Hash.of(random.shuffled(document))).as("seed %d", seed).isEqualTo(Hash.of(document));
        }
    }

    /** Where only the keys of the top level decide what is written below, as in the older system, these are all equal. */
    @Test
    void e13_a_hash_depends_on_values_below_the_top_level() {
        assertThat(Set.of(
                        hash("{\"state\":{\"score\":1}}"),
                        hash("{\"state\":{\"score\":2}}"),
                        hash("{\"state\":{\"other\":1}}"),
                        hash("{\"state\":{\"score\":{\"deep\":[1]}}}"),
                        hash("{\"state\":{\"score\":{\"deep\":[2]}}}"),
                        hash("{\"state\":{}}")))
                .hasSize(6);
    }

    @Test
    void different_values_have_different_hashes() {
        var hashes = new HashSet<String>();
        var values = Set.of(
                "null",
                "false",
                "0",
                "\"\"",
                "[]",
                "{}",
                "[null]",
                "{\"a\":null}",
                "\"0\"",
                "\"null\"",
                "[[]]",
                "[{}]",
                "9007199254740992",
                "9007199254740993",
                "0.1",
                "0.10000000000000001",
                "\"\\ud800\"",
                "\"\\\\ud800\"");
        for (String value : values) hashes.add(hash(value));
        assertThat(hashes).hasSize(values.size());
    }

    @Test
    void a_tree_has_the_hash_of_its_text() {
        for (long seed = 0; seed < 500; seed++) {
            var document = new RandomJson(seed).document(4);
            assertThat(Hash.of(document)).as("seed %d", seed).isEqualTo(hash(document.toString()));
        }
    }
}
