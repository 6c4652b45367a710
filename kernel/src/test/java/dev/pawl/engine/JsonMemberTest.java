package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMemberTest {

    private static final Json NOTES = new Json("""
            {"key":"a\\"b", "asked": 12,"request":{"key":"inside","list":[1,{"title":"}"}]},"title":"T, \\\\","none":null}""");

    @Test
    void members_are_found_and_what_is_further_inside_is_not() {
        assertThat(JsonMember.text(NOTES, "key")).isEqualTo("a\"b");
        assertThat(JsonMember.text(NOTES, "title")).isEqualTo("T, \\");
        assertThat(JsonMember.number(NOTES, "asked")).isEqualTo(12);
        assertThat(JsonMember.of(NOTES, "request"))
                .isEqualTo(new Json("{\"key\":\"inside\",\"list\":[1,{\"title\":\"}\"}]}"));
        assertThat(JsonMember.of(NOTES, "none")).isEqualTo(Json.NULL);
        assertThat(JsonMember.of(NOTES, "list")).isNull();
        assertThat(JsonMember.text(NOTES, "asked")).isNull();
        assertThat(JsonMember.number(NOTES, "key")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"key\"", "{}", "1", "null", "{\"other\":{\"key\":1}}", "{\"a\":\"key\"}"})
    void what_has_no_such_member_has_none(String json) {
        assertThat(JsonMember.of(new Json(json), "key")).isNull();
    }
}
