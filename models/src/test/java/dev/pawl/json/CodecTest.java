package dev.pawl.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodecTest {

    private static final Codec CODEC = Codec.STANDARD;

    enum Colour {
        RED,
        BLUE
    }

    record Line(String text, int count, double price) {}

    record Order(String id, List<Line> lines, Optional<Colour> colour, Instant at, Duration within) {
        Order {
            if (id.isEmpty()) throw new IllegalArgumentException("An order needs an id.");
        }
    }

    private static <T> void misfit(Class<T> type, String json, String message) {
        assertThatThrownBy(() -> CODEC.read(new Json(json), TypeRef.of(type), "The input of flow \"f\""))
                .as(json)
                .isInstanceOf(Failure.Logic.class)
                .hasMessage("The input of flow \"f\" " + message);
    }

    @Test
    void records_come_back_as_they_were() {
        var order = new Order(
                "7",
                List.of(new Line("a\n\"b\"", 0, 0.1)),
                Optional.of(Colour.RED),
                Instant.EPOCH,
                Duration.ofMinutes(3));
        var json = CODEC.write(order, TypeRef.of(Order.class), "An order");
        assertThat(json.text())
                .startsWith("{\"id\":\"7\",\"lines\":[{\"text\":")
                .doesNotContain("\n");
        assertThat(CODEC.read(json, TypeRef.of(Order.class), "An order")).isEqualTo(order);
    }

    @Test
    void a_misfit_says_where_what_is_expected_and_what_was_found() {
        misfit(
                Order.class,
                "{\"id\":\"7\",\"lines\":[{\"count\":1,\"price\":1},{\"count\":\"2\",\"price\":1}]}",
                "does not fit Order: at /lines/1/count a whole number is expected, but a string (\"2\") was found.");
        misfit(
                Order.class,
                "{\"id\":7}",
                "does not fit Order: at /id a string is expected, but a number (7) was found.");
        misfit(
                Order.class,
                "{\"id\":\"7\",\"lines\":{}}",
                "does not fit Order: at /lines a list is expected, but an object ({}) was found.");
        misfit(
                Order.class,
                "{\"id\":\"7\",\"colour\":\"GREEN\"}",
                "does not fit Order: at /colour one of [RED, BLUE] is expected, but a string (\"GREEN\") was found.");
        misfit(Order.class, "[]", "does not fit Order: an object (Order) is expected, but a list ([]) was found.");
        misfit(Integer.class, "1.5", "does not fit Integer: a whole number is expected, but a number (1.5) was found.");
        misfit(
                Boolean.class,
                "\"true\"",
                "does not fit Boolean: true or false is expected, but a string (\"true\") was found.");
        misfit(
                Line.class,
                "{\"text\":\"a\",\"count\":null,\"price\":1}",
                "does not fit Line: at /count a whole number is expected, but null was found.");
        misfit(
                Order.class,
                "{\"id\":\"\"}",
                "does not fit Order: its constructor refused an object ({\"id\":\"\"}): An order needs an id.");
    }

    @Test
    void broken_json_is_told_as_such() {
        for (String broken : List.of("{", "[1,", "{\"a\" 1}", "nul", "1 2", "")) {
            assertThatThrownBy(() -> CODEC.read(new Json(broken), TypeRef.of(Object.class), "The input"))
                    .as(broken)
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageStartingWith("The input is not valid JSON: ");
        }
    }

    @Test
    void properties_that_are_new_are_passed_over_and_those_that_are_missing_are_empty() {
        var old = CODEC.read(new Json("{\"text\":\"a\"}"), TypeRef.of(Line.class), "A line");
        assertThat(old).isEqualTo(new Line("a", 0, 0));
        var line = CODEC.read(
                new Json("{\"text\":\"a\",\"count\":1,\"price\":2,\"new\":[1]}"), TypeRef.of(Line.class), "A line");
        assertThat(line).isEqualTo(new Line("a", 1, 2));
    }

    @Test
    void what_cannot_be_written_is_told_with_its_name() {
        assertThatThrownBy(() -> CODEC.write(new Object(), TypeRef.of(Object.class), "The output of step \"s\""))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("The output of step \"s\" cannot be written as JSON (as Object): ");
    }

    @Test
    void an_object_without_components_is_an_object() {
        record Nothing() {}
        var json = CODEC.write(new Nothing(), TypeRef.of(Nothing.class), "Nothing");
        assertThat(json.text()).isEqualTo("{}");
        assertThat(CODEC.read(json, TypeRef.of(Nothing.class), "Nothing")).isEqualTo(new Nothing());
    }

    @Test
    void doubles_that_are_no_numbers_survive() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE}) {
            var json = CODEC.write(value, TypeRef.of(Double.class), "A double");
            assertThat(CODEC.read(json, TypeRef.of(Double.class), "A double")).isEqualTo((Double) value);
        }
    }

    @Test
    void a_problem_is_read_from_the_form_it_is_stored_in() {
        var whole = new Problem(FailureClass.LOGIC, "T", "m \"q\"", "at x");
        var bare = new Problem(FailureClass.TIMEOUT, "T", "m", "");
        for (var problem : List.of(whole, bare)) {
            assertThat(CODEC.read(problem.toJson(), TypeRef.of(Problem.class), "A problem"))
                    .isEqualTo(problem);
        }
    }

    @Test
    void types_are_told_as_people_write_them() {
        assertThat(new TypeRef<Map<String, List<Line>>>() {}).hasToString("Map<String, List<Line>>");
        assertThat(TypeRef.optionalOf(TypeRef.listOf(TypeRef.of(Integer.class))))
                .hasToString("Optional<List<Integer>>");
    }

    @Test
    void json_as_typed_is_checked_and_put_on_one_line() {
        assertThat(CODEC.compact("{\n  \"a\" : [1.50, 2]\n}").text()).isEqualTo("{\"a\":[1.50,2]}");
        assertThatThrownBy(() -> CODEC.compact("{")).isInstanceOf(Failure.Logic.class);
    }
}
