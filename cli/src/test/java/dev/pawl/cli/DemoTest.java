package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DemoTest {

    @Test
    void the_demo_holds_what_it_promises_and_leaves_nothing_behind() {
        var before = leftovers();
        var answer = Cli.plain("demo", "--json");
        assertThat(answer.err()).isEmpty();
        var report = RunDocument.tree(new Json(answer.out()));
        assertThat(report.path("holds").asBoolean()).as(answer.out()).isTrue();
        assertThat(answer.code()).isZero();
        assertThat(report.path("checks").size()).isEqualTo(4);
        assertThat(report.path("takenOver").asInt()).isPositive();
        assertThat(report.path("doneBefore").asInt())
                .isBetween(1, report.path("tasks").asInt() - 1);
        assertThat(leftovers()).isEqualTo(before);
        assertThat(ProcessHandle.current()
                        .children()
                        .filter(child -> child.info().commandLine().orElse("").contains("demo-worker")))
                .isEmpty();
    }

    private static Set<String> leftovers() {
        File[] found = Path.of(System.getProperty("java.io.tmpdir"))
                .toFile()
                .listFiles(file -> file.getName().startsWith("pawl-demo-"));
        return found == null
                ? Set.of()
                : Arrays.stream(found).map(File::getName).collect(Collectors.toSet());
    }
}
