package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what runs. */
class ReadmeTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void the_code_in_the_readme_is_the_quickstart() throws Exception {
        var block = Pattern.compile("<!-- example: Quickstart -->\n```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(block.find()).isTrue();
        var source = Files.readString(ROOT.resolve("examples/src/main/java/dev/pawl/examples/Quickstart.java"));
        assertThat(squeezed(source)).contains(squeezed(block.group(1)));
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
