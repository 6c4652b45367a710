package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what runs. */
class ReadmeTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- example: (\\w+) -->\n)?```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void the_code_in_the_readme_and_the_guides_is_that_of_the_examples() throws Exception {
        var pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("docs/schedules.md")));
        try (var guides = Files.list(ROOT.resolve("docs/guides"))) {
            guides.forEach(pages::add);
        }
        for (Path page : pages) {
            var block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                assertThat(block.group(1))
                        .as("the example of a block in " + page)
                        .isNotNull();
                var source = Files.readString(
                        ROOT.resolve("examples/src/main/java/dev/pawl/examples/" + block.group(1) + ".java"));
                assertThat(squeezed(source)).contains(squeezed(block.group(2)));
            }
        }
    }

    /** The formatter may break lines elsewhere than the README does. */
    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void the_quickstart_runs(@TempDir Path folder) throws Exception {
        var order = new Quickstart.Order("42", List.of("tea", "milk"));
        String database = "jdbc:sqlite:" + folder.resolve("pawl.db");
        var receipt = Quickstart.buy(database, order);
        assertThat(receipt).isEqualTo(new Quickstart.Receipt("42", 2, 10.5));
        assertThat(Quickstart.buy(database, order)).isEqualTo(receipt);
    }
}
