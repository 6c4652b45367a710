package dev.pawl.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonDiffTest {

    private static List<String> diff(String before, String after) {
        return JsonDiff.of(new Json(before.replace('\'', '"')), new Json(after.replace('\'', '"')));
    }

    @Test
    void lists_are_compared_by_element() {
        assertThat(diff("{'steps':['a','b','c']}", "{'steps':['a','b','x','d']}"))
                .containsExactly("steps/2 was \"c\" and is now \"x\".", "steps/3 is new: \"d\".");
        assertThat(diff("{'steps':['a','b','c']}", "{'steps':['a']}"))
                .containsExactly("steps/1 is gone; it was \"b\".", "steps/2 is gone; it was \"c\".");
        assertThat(diff("[{'id':1,'v':{'w':[1,2]}},{'id':2}]", "[{'id':1,'v':{'w':[1,3]}},{'id':2}]"))
                .containsExactly("0/v/w/1 was 2 and is now 3.");
    }

    @Test
    void an_element_more_in_front_is_one_difference() {
        assertThat(diff("{'l':[{'id':1},{'id':2}]}", "{'l':[{'id':0},{'id':1},{'id':2}]}"))
                .containsExactly("l/0 is new: {\"id\":0}.");
    }

    @Test
    void lists_of_plain_values_without_anything_in_common_are_shown_side_by_side() {
        assertThat(diff("{'l':[1,2]}", "{'l':[3,4]}")).containsExactly("l was [1,2] and is now [3,4].");
        assertThat(diff("{'l':[]}", "{'l':[1]}")).containsExactly("l was [] and is now [1].");
        assertThat(diff("{'l':[]}", "{'l':[]}")).isEmpty();
    }

    @Test
    void objects_of_one_name_are_compared_by_element() {
        assertThat(diff("[{'name':'a'},{'name':'a'}]", "[{'name':'a'}]"))
                .containsExactly("1 is gone; it was {\"name\":\"a\"}.");
    }

    @Test
    void whole_documents_differ_too() {
        assertThat(diff("1", "null")).containsExactly("It was 1 and is now null.");
        assertThat(diff("{'a':null}", "{}")).containsExactly("a is gone; it was null.");
    }

    @Test
    void long_values_are_cut() {
        assertThat(diff("{'a':'" + "x".repeat(1000) + "'}", "{'a':1}"))
                .containsExactly("a was \"" + "x".repeat(199) + "… and is now 1.");
    }

    @Test
    void very_many_differences_are_counted() {
        var before = "[[0]" + ",[1]".repeat(150) + "]";
        var after = "[[0]" + ",[2]".repeat(150) + "]";
        assertThat(diff(before, after)).hasSize(101).endsWith("And 50 more differences.");
    }
}
