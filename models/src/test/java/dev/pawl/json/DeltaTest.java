package dev.pawl.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A failure of a random test names its seed. */
class DeltaTest {

    private static JsonNode tree(String text) {
        return Codec.STANDARD.tree(new Json(text));
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "['a']              | ['a','b']          | [{'op':'add','path':'/1','value':'b'}]",
                "{'s':['long, so that a patch is shorter than the list',2]} | {'s':['long, so that a patch is shorter than the list',2,3,4]} | [{'op':'add','path':'/s/2','value':3},{'op':'add','path':'/s/3','value':4}]",
                "{'s':['long, so that a patch is shorter than the list',2,3,4]} | {'s':['long, so that a patch is shorter than the list',2]} | [{'op':'remove','path':'/s/3'},{'op':'remove','path':'/s/2'}]",
                "[1,2,3]             | [2,3]              | [{'op':'remove','path':'/0'}]",
                "[1,2,3]             | [1,9,2,3]          | [{'op':'add','path':'/1','value':9}]",
                "{'a':{'n':1,'m':'long, so that a patch is shorter'}} | {'a':{'n':null,'m':'long, so that a patch is shorter'}} | [{'op':'replace','path':'/a/n','value':null}]",
                "{'a':{'n':1,'m':'long, so that a patch is shorter'}} | {'a':{'m':'long, so that a patch is shorter'}} | [{'op':'remove','path':'/a/n'}]",
                "{'a':1}             | [1]                | [{'op':'replace','path':'','value':[1]}]",
                "[1,2,3,4,5,6]       | [7,8,9,10,11,12]   | [{'op':'replace','path':'','value':[7,8,9,10,11,12]}]",
                "1                   | 1.0                | [{'op':'replace','path':'','value':1.0}]",
                "{'a':1,'b':2}       | {'b':2,'a':1}      | []",
            })
    void a_patch_says_only_what_changed(String before, String after, String patch) {
        assertThat(Delta.between(tree(before.replace('\'', '"')), tree(after.replace('\'', '"'))))
                .hasToString(patch.replace('\'', '"'));
    }

    @Test
    void names_with_slashes_and_tildes_are_escaped() {
        var before = tree("{\"a/b\":{\"m~n\":1,\"~1\":\"a value that is long enough to be kept out of it\"}}");
        var after = tree("{\"a/b\":{\"m~n\":2,\"~1\":\"a value that is long enough to be kept out of it\"}}");
        var patch = Delta.between(before, after);
        assertThat(patch).hasToString("[{\"op\":\"replace\",\"path\":\"/a~1b/m~0n\",\"value\":2}]");
        assertThat(Delta.apply(before, patch)).isEqualTo(after);
    }

    @Test
    void applying_the_difference_gives_the_other_document_exactly_and_changes_neither() {
        int empty = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            var random = new RandomJson(seed);
            var before = random.document(4);
            var after = random.changed(before);
            String was = before.toString();
            String is = after.toString();

            var patch = Delta.between(before, after);
            String written = patch.toString();
            var applied = Delta.apply(before, patch);
            assertThat(applied).as("seed %d: %s", seed, patch).isEqualTo(after);
            assertThat(Hash.of(applied)).as("seed %d", seed).isEqualTo(Hash.of(after));
            assertThat(patch.isEmpty()).as("seed %d", seed).isEqualTo(before.equals(after));
            assertThat(before).as("seed %d", seed).hasToString(was);
            assertThat(after).as("seed %d", seed).hasToString(is);
            assertThat(patch).as("seed %d", seed).hasToString(written);

            // As it comes back from where it was stored.
            assertThat(Hash.of(Delta.apply(tree(was), tree(written))))
                    .as("seed %d, from text", seed)
                    .isEqualTo(Hash.of(after));
            empty += patch.isEmpty() ? 1 : 0;
        }
        assertThat(empty).as("how often nothing was changed").isBetween(1_000, 19_000);
    }

    @Test
    void a_tree_that_nobody_else_has_can_be_changed_where_it_stands() {
        var own = tree("{\"list\":[{\"in\":0},[]]}");
        var patch = tree("[{\"op\":\"replace\",\"path\":\"/list/0/in\",\"value\":1}]");
        assertThat(Delta.applyTo(own, patch)).isSameAs(own).hasToString("{\"list\":[{\"in\":1},[]]}");
        assertThat(Delta.applyTo(own, tree("[]"))).isSameAs(own);
    }

    @Test
    void a_patch_is_not_much_longer_than_the_document_itself() {
        for (long seed = 0; seed < 5_000; seed++) {
            var random = new RandomJson(seed);
            var before = random.document(4);
            var after = random.document(4);
            assertThat(Delta.between(before, after).toString())
                    .as("seed %d", seed)
                    .hasSizeLessThanOrEqualTo(100 + 2 * after.toString().length());
        }
    }

    @Test
    void what_is_patched_in_is_not_shared_with_the_patch() {
        var before = tree("{\"list\":[]}");
        var patch = tree(
                "[{\"op\":\"add\",\"path\":\"/list/0\",\"value\":{}},{\"op\":\"add\",\"path\":\"/list/-\",\"value\":[]},"
                        + "{\"op\":\"add\",\"path\":\"/list/0/in\",\"value\":1}]");
        String written = patch.toString();
        assertThat(Delta.apply(before, patch)).hasToString("{\"list\":[{\"in\":1},[]]}");
        assertThat(patch).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'replace','path':'/b','value':1}",
                "{'op':'remove','path':'/b'}",
                "{'op':'remove','path':''}",
                "{'op':'add','path':'a','value':1}",
                "{'op':'add','path':'/b/c','value':1}",
                "{'op':'add','path':'/a/0/x','value':1}",
                "{'op':'add','path':'/a/3','value':1}",
                "{'op':'add','path':'/a/01','value':1}",
                "{'op':'replace','path':'/a/2','value':1}",
                "{'op':'replace','path':'/a/-','value':1}",
                "{'op':'remove','path':'/a/2'}",
            })
    void a_patch_for_another_document_is_refused(String operation) {
        assertThatThrownBy(() -> Delta.apply(tree("{\"a\":[1,2]}"), tree("[" + operation.replace('\'', '"') + "]")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("The patch does not fit: an object (")
                .hasMessageEndingWith(" finds no place in the document. Was the patch made for another one?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'move','path':'/a','from':'/b'}",
                "{'op':'add','path':'/a'}",
                "{'op':'add','value':1}",
                "{'path':'/a','value':1}",
                "7",
            })
    void what_is_no_operation_is_refused(String operation) {
        assertThatThrownBy(() -> Delta.apply(tree("{\"a\":1}"), tree("[" + operation.replace('\'', '"') + "]")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("This is no operation of a patch: ");
        assertThatThrownBy(() -> Delta.apply(tree("{}"), tree("{}")))
                .hasMessage("A JSON Patch is a list of operations, but this is an object ({}).");
    }
}
