package dev.pawl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.json.Hash;
import org.junit.jupiter.api.Test;

class ChainTest {

    @Test
    void a_link_is_the_hash_of_a_document_that_anybody_can_write() {
        assertThat(Chain.step("aa", 7, "draft \"1\"", "bb", "cc", "dd", "when 1", "send"))
                .isEqualTo(Hash.of(new Json("""
                        {"after":"aa","step":7,"node":"draft \\"1\\"","input":"bb","effects":"cc","state":"dd",\
                        "edge":"when 1","next":"send"}""")));
    }

    @Test
    void at_the_end_the_next_node_is_null() {
        assertThat(Chain.step("", 1, "send", "bb", "cc", "dd", "then", null)).isEqualTo(Hash.of(new Json("""
                        {"after":"","step":1,"node":"send","input":"bb","effects":"cc","state":"dd","edge":"then","next":null}""")));
    }
}
