package dev.pawl.boundary;

import static dev.pawl.boundary.Node.does;
import static dev.pawl.boundary.Node.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.io.Action;
import dev.pawl.io.Connector;
import dev.pawl.json.TypeRef;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How code is found, and how far it is followed. */
class BoundaryTest {

    private static final String NOW = "reads the clock (Instant.now)";

    private static int line() {
        return new Throwable().getStackTrace()[1].getLineNumber();
    }

    // ---- what a finding says --------------------------------------------------------------------------------------

    @Test
    void a_finding_names_class_method_line_and_the_way_out() {
        Node node = s -> {
            var nothing = s + s;
            return nothing + Instant.now();
        };
        int line = line() - 2;
        var found = only(node);
        assertThat(found.className()).isEqualTo("dev.pawl.boundary.BoundaryTest");
        assertThat(found.method()).startsWith("lambda$a_finding");
        assertThat(found.line()).isEqualTo(line);
        assertThat(found.calledFrom()).isEmpty();
        assertThat(found)
                .hasToString(
                        "dev.pawl.boundary.BoundaryTest.lambda$a_finding_names_class_method_line_and_the_way_out (BoundaryTest.java:"
                                + line + ") reads the clock (Instant.now): use io.now() instead");
    }

    @Test
    void a_helper_two_calls_deep_in_another_class_is_found_where_it_is_with_the_way_there() {
        var found = only(s -> Stamps.stamped(s));
        assertThat(found.toString())
                .startsWith("dev.pawl.boundary.Stamps.now (Stamps.java:" + Stamps.CLOCK_AT + ") reads the clock")
                .contains(
                        "; called from dev.pawl.boundary.Stamps.stamped, from dev.pawl.boundary.BoundaryTest.lambda$");
    }

    @Test
    void a_place_that_several_nodes_reach_is_told_once() {
        Node one = s -> Stamps.stamped(s);
        Node other = s -> Stamps.stamped(s + s);
        assertThat(Boundary.scan(List.of(one, other, one))).hasSize(1);
    }

    @Test
    void every_line_is_told() {
        assertThat(does(s -> {
                    var first = Instant.now();
                    var second = Instant.now();
                    return first.equals(second) ? Math.random() : 0;
                }))
                .containsExactly(NOW, NOW, "draws random numbers (Math.random)");
    }

    // ---- how strict it is -----------------------------------------------------------------------------------------

    @Test
    void strict_refuses_and_names_program_place_and_way_out() {
        Node node = s -> Instant.now();
        assertThatThrownBy(() -> Boundary.check("support-reply", Strictness.STRICT, List.of(node)))
                .isInstanceOfSatisfying(
                        BoundaryCrossed.class, e -> assertThat(e.findings()).containsExactly(only(node)))
                .hasMessageContainingAll("\"support-reply\"", only(node).toString(), "Strictness.WARN");
    }

    @Test
    void strict_lets_pass_what_is_in_order_and_the_others_refuse_nothing() {
        Node good = s -> s + s;
        Node bad = s -> Instant.now();
        assertThatCode(() -> {
                    Boundary.check("p", Strictness.STRICT, List.of(good));
                    Boundary.check("p", Strictness.WARN, List.of(bad));
                    Boundary.check("p", Strictness.OFF, List.of(bad));
                })
                .doesNotThrowAnyException();
    }

    // ---- where the code is ----------------------------------------------------------------------------------------

    private Object member(String s) {
        return s + Instant.now();
    }

    @Test
    void method_references() {
        assertThat(does(this::member)).containsExactly(NOW);
        assertThat(does(Stamps::stamped)).containsExactly(NOW);
        assertThat(does(String::trim)).isEmpty();
        assertThat(does(System::getProperty)).containsExactly("asks the machine that it runs on (System.getProperty)");
    }

    @Test
    void a_reference_to_what_is_not_own_code_is_found_where_it_is_made() {
        Node node = Integer::getInteger;
        int line = line() - 1;
        assertThat(only(node).line()).isEqualTo(line);
        assertThat(only(node).method()).isEqualTo("a_reference_to_what_is_not_own_code_is_found_where_it_is_made");
    }

    @Test
    void a_reference_that_is_made_for_another_interface_as_well_is_found_where_it_is_made_for_the_node() {
        Function<String, Long> another = Long::getLong;
        Node node = Long::getLong;
        int line = line() - 1;
        assertThat(another).isNotNull();
        assertThat(only(node).line()).isEqualTo(line);
    }

    private static final Node IN_A_FIELD = Boolean::getBoolean;

    @Test
    void a_reference_in_a_static_field_is_found() {
        assertThat(only(IN_A_FIELD).method()).isEqualTo("<clinit>");
    }

    private interface Service {
        String answer(String question);
    }

    private static final class Live implements Service {
        @Override
        public String answer(String question) {
            return question + Instant.now();
        }
    }

    @Test
    void a_reference_to_a_method_of_an_object_is_looked_up_in_its_class() {
        Service service = new Live();
        assertThat(does(service::answer)).containsExactly(NOW);
    }

    private static class Base {
        Node node() {
            return this::step;
        }

        private Object step(String state) {
            return state + Instant.now();
        }
    }

    @SuppressWarnings("UnusedMethod")
    private static final class Derived extends Base {
        private Object step(String state) {
            return state;
        }
    }

    @Test
    void a_private_method_is_that_of_its_own_class_also_for_an_object_of_a_subclass() {
        assertThat(does(new Derived().node())).containsExactly(NOW);
    }

    @Test
    void captured_values_that_are_not_serializable_do_no_harm() {
        var captured = new Object();
        assertThat(does(s -> captured + s)).isEmpty();
        assertThat(does(s -> captured + s + Instant.now())).containsExactly(NOW);
    }

    @Test
    void objects_of_named_and_anonymous_classes() {
        Node anonymous = new Node() {
            @Override
            public Object run(String state) {
                return Instant.now();
            }

            @Override
            public String toString() {
                return "never called by an engine: " + Math.random();
            }
        };
        assertThat(does(anonymous)).containsExactly(NOW);
        assertThat(Boundary.scan(List.of(new Stamps.Stamper())))
                .as("made outside of the node")
                .isEmpty();
    }

    @SuppressWarnings("UnusedMethod")
    private abstract static class Described {
        abstract Object describe();
    }

    @SuppressWarnings("UnusedMethod")
    private static final class DescribedNode extends Described implements Node {
        @Override
        public Object run(String state) {
            return state;
        }

        @Override
        Object describe() {
            return Instant.now();
        }
    }

    @Test
    void of_an_object_only_what_implements_an_interface_is_looked_at() {
        assertThat(does(new DescribedNode())).isEmpty();
    }

    @Test
    void what_cannot_be_looked_at_gives_no_finding() {
        var proxy = (Node)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Node.class}, (p, m, a) -> null);
        assertThat(does(proxy)).isEmpty();
        assertThat(Boundary.scan(List.of("a string", 1L))).isEmpty();
    }

    // ---- how far it is followed -----------------------------------------------------------------------------------

    @Test
    void recursion_ends() {
        assertThat(does(s -> Stamps.round(s.length()))).containsExactly(NOW);
    }

    @Test
    void constructors_superclasses_default_methods_and_sealed_types_are_followed() {
        Stamps.Shape shape = new Stamps.Circle();
        var letter = new Stamps.Letter();
        var hello = new Stamps.Hello();
        assertThat(does(s -> new Stamps.Stamper())).containsExactly(NOW);
        assertThat(does(s -> letter.date())).containsExactly(NOW);
        assertThat(does(s -> hello.greet())).containsExactly(NOW);
        assertThat(does(s -> shape.name())).containsExactly(NOW);
        assertThat(does(s -> new Stamps.Circle().name())).isEmpty();
    }

    @Test
    void lambdas_and_anonymous_classes_made_on_the_way_are_looked_into() {
        assertThat(does(s -> Stream.of(s).map(x -> x + Instant.now()).toList())).containsExactly(NOW);
        assertThat(does(s -> Stream.of(s).map(Stamps::stamped).toList())).containsExactly(NOW);
        assertThat(does(s -> Optional.<Instant>empty().orElseGet(Instant::now))).containsExactly(NOW);
        assertThat(does(s -> Stream.of(s)
                        .sorted(new Comparator<>() {
                            @Override
                            public int compare(String a, String b) {
                                return a.compareTo(b + Instant.now());
                            }
                        })
                        .toList()))
                .containsExactly(NOW);
    }

    /** As in {@code Io}. */
    private static <T, E extends Exception> T call(Action<T, E> outside) throws E {
        return outside.run();
    }

    private static <T, E extends Exception> T once(Action.Keyed<T, E> outside) throws E {
        return outside.run("key");
    }

    private interface Mine extends Action<Object, Exception> {}

    private static Object mine(Mine outside) throws Exception {
        return outside.run();
    }

    private static final class Stopped extends Clock {
        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void own_code_that_extends_what_is_forbidden_is_looked_into_instead() {
        var clock = new Stopped();
        assertThat(does(s -> clock.instant())).isEmpty();
        assertThat(does(s -> clock.millis()))
                .as("not own")
                .containsExactly("reads the clock (BoundaryTest.Stopped.millis)");
    }

    private static <T> T plain(Supplier<T> supplier) {
        return supplier.get();
    }

    @Test
    void what_is_handed_to_io_may_do_what_it_wants() {
        assertThat(does(s -> call(() -> Instant.now() + Stamps.stamped(s)))).isEmpty();
        assertThat(does(s -> call(Instant::now))).isEmpty();
        assertThat(does(s -> once(key -> key + Instant.now()))).isEmpty();
        assertThat(does(s -> mine(() -> Instant.now()))).isEmpty();
        assertThat(does(s -> call(new Action<Instant, RuntimeException>() {
                    @Override
                    public Instant run() {
                        return Instant.now();
                    }
                })))
                .isEmpty();
    }

    @Test
    void what_stands_beside_it_or_is_handed_to_others_may_not() {
        assertThat(does(s -> plain(() -> Instant.now()))).containsExactly(NOW);
        assertThat(does(s -> call(() -> s) + Instant.now().toString())).containsExactly(NOW);
    }

    private record Clocks() implements Connector<String, Instant>, Serializable {
        @Override
        public String kind() {
            return "clock";
        }

        @Override
        public Json request(String request) {
            throw new UnsupportedOperationException("at " + Instant.now());
        }

        @Override
        public TypeRef<Instant> response() {
            throw new UnsupportedOperationException("at " + Instant.now());
        }

        @Override
        public Instant call(String request, Context context) {
            return Instant.now();
        }
    }

    @Test
    void connectors_are_the_outside() {
        var clocks = new Clocks();
        assertThat(does(s -> clocks.response())).isEmpty();
        assertThat(Boundary.scan(List.of(clocks))).isEmpty();
    }
}
