package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that a user brings in a jar. */
class UserProgramsTest {

    private static final String HELLO =
            "Flow.define(\"hello\", String.class, (f, name) -> f.step(\"greet\", String.class, name, n -> \"Hello, \" + n))";
    private static final String HELLO_OTHERWISE =
            "Flow.define(\"hello\", String.class, (f, name) -> f.step(\"salute\", String.class, name, n -> \"Ahoy, \" + n))";

    @TempDir
    Path folder;

    private Cli pawl;

    @BeforeEach
    void fresh() {
        pawl = Cli.on(folder.resolve("pawl.db"));
    }

    private String jar(String name, String flows) throws Exception {
        return UserJar.of(folder.resolve(name), flows).toString();
    }

    @Test
    void programs_of_a_jar_are_listed_and_run() throws Exception {
        String jar = jar("hello.jar", HELLO);
        assertThat(Cli.plain("programs", "--jar", jar).out()).contains("flow:hello", jar, "flow:census");
        assertThat(pawl.run("run", "hello", "--input", "\"Ada\"", "--jar", jar).line())
                .isEqualTo("\"Hello, Ada\"");
    }

    @Test
    void another_shape_under_the_same_version_is_refused_with_the_difference() throws Exception {
        pawl.run("run", "hello", "--input", "\"Ada\"", "--jar", jar("one.jar", HELLO));
        String other = jar("two.jar", HELLO_OTHERWISE);
        for (String[] command : new String[][] {{"run", "hello", "--input", "\"Ada\""}, {"worker"}}) {
            var all = new java.util.ArrayList<>(java.util.List.of(command));
            all.addAll(java.util.List.of("--jar", other));
            var answer = pawl.run(all.toArray(String[]::new));
            assertThat(answer.code()).as(answer.err()).isEqualTo(Exit.REFUSED);
            assertThat(answer.err()).contains("flow:hello", "another shape", "greet", "salute", "new version");
        }
        String newer = jar("three.jar", HELLO_OTHERWISE + ".version(\"2\")");
        assertThat(pawl.run("run", "hello", "--input", "\"Ada\"", "--jar", newer)
                        .line())
                .isEqualTo("\"Ahoy, Ada\"");
    }

    @Test
    void two_programs_of_one_name_are_refused() throws Exception {
        var answer = pawl.run("programs", "--jar", jar("a.jar", HELLO), "--jar", jar("b.jar", HELLO));
        assertThat(answer.code()).isEqualTo(Exit.REFUSED);
        assertThat(answer.err()).contains("flow:hello", "a.jar", "b.jar");
        String twice = "Flow.define(\"census\", String.class, (f, s) -> f.step(\"x\", String.class, s, t -> t))";
        assertThat(pawl.run("programs", "--jar", jar("c.jar", twice)).err()).contains("examples", "c.jar");
    }

    @Test
    void a_definition_that_cannot_work_is_refused_with_its_reason() throws Exception {
        String broken = "Flow.define(\"broken\", String.class, (f, s) -> { f.step(\"x\", String.class, s, t -> t);"
                + " return f.step(\"x\", String.class, s, t -> t); })";
        var answer = pawl.run("programs", "--jar", jar("broken.jar", broken));
        assertThat(answer.code()).isEqualTo(Exit.REFUSED);
        assertThat(answer.err()).contains("two steps named \"x\"").doesNotContain("\tat ");
    }

    @Test
    void a_worker_with_none_of_the_programs_is_refused() throws Exception {
        pawl.run("submit", "hello", "--input", "\"Ada\"", "--jar", jar("hello.jar", HELLO));
        var answer = pawl.run("worker");
        assertThat(answer.code()).isEqualTo(Exit.REFUSED);
        assertThat(answer.err()).contains("flow:hello", "--jar");
        assertThat(pawl.run("explain", "last").out()).contains("worker");
        assertThat(pawl.run("retry", "last").code()).isEqualTo(Exit.NOT_FOUND);
    }
}
