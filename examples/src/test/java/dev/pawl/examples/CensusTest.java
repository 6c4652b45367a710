package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.Submit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CensusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temporary;

    private Path folder;
    private Pawl pawl;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(temporary.resolve("files"));
        pawl = Pawl.open("jdbc:sqlite:" + temporary.resolve("pawl.db"), Census.FLOW);
    }

    @AfterEach
    void close() {
        pawl.close();
    }

    private Census.Report census() throws Exception {
        return pawl.submit(Census.FLOW, new Census.Folder(folder.toString())).await(PATIENCE);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void counts_files_by_kind() throws Exception {
        write("a/One.java", "class One {}\n");
        write("a/b/Two.java", "class Two {\n}\n");
        write("LICENSE", "do what\nyou want");
        write(".gitignore", "x\n");
        write("trailing.", "x\n");
        write("empty.txt", "");
        assertThat(census())
                .isEqualTo(new Census.Report(
                        6,
                        6,
                        13,
                        47,
                        Map.of(
                                ".java", new Census.Kind(2, 3, 7),
                                "(none)", new Census.Kind(3, 3, 6),
                                ".txt", new Census.Kind(1, 0, 0))));
    }

    @Test
    void leaves_out_links_and_what_tools_make() throws Exception {
        write("src/a.txt", "one\n");
        write(".git/config", "no\n");
        write("sub/target/b.txt", "no\n");
        write("node_modules/c.txt", "no\n");
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("src/a.txt"));
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        assertThat(census().files()).isEqualTo(1);
    }

    @Test
    void an_empty_folder_has_nothing_in_it() throws Exception {
        assertThat(census()).isEqualTo(new Census.Report(0, 0, 0, 0, Map.of()));
    }

    @Test
    void a_plain_string_names_the_folder_too() throws Exception {
        write("a.txt", "one two\n");
        var output = pawl.submit("census", new Json(Json.quote(folder.toString())), Submit.NOW)
                .await(PATIENCE);
        assertThat(output.text())
                .isEqualTo("{\"files\":1,\"lines\":1,\"words\":2,\"bytes\":8,"
                        + "\"kinds\":{\".txt\":{\"files\":1,\"lines\":1,\"words\":2}}}");
    }

    @Test
    void a_folder_that_is_not_there_fails_the_run_and_says_so() {
        var handle = pawl.submit(
                Census.FLOW, new Census.Folder(folder.resolve("nowhere").toString()));
        assertThatThrownBy(() -> handle.await(PATIENCE))
                .isInstanceOf(RunFailed.class)
                .hasMessageContaining("There is no folder");
    }

    @Test
    void thousands_of_files_are_about_two_hundred_tasks() throws Exception {
        for (int i = 0; i < 1_001; i++) write("d" + i % 7 + "/f" + i + ".txt", "a b\n".repeat(i % 3));
        var handle = pawl.submit(Census.FLOW, new Census.Folder(folder.toString()));
        assertThat(handle.await(PATIENCE).files()).isEqualTo(1_001);
        assertThat(pawl.tasks(handle.id(), 5_000)).hasSizeBetween(100, 210);
    }

    @Test
    void names_in_any_encoding_are_found() throws Exception {
        // As URIs, because a JVM in the locale "C" cannot even say these names.
        Files.writeString(Path.of(URI.create(folder.toUri() + "gr%C3%B6%C3%9Fe.txt")), "UTF-8\n");
        Files.writeString(Path.of(URI.create(folder.toUri() + "caf%E9.txt")), "Latin-1\n");
        write("with space\tand tab.txt", "x\n");
        assertThat(census().files()).isEqualTo(3);
    }

    /**
     * GNU wc up to 9.4 at least: there, what is not printable is part of a word but begins none. Where the wc of this
     * machine thinks otherwise, only printable text is compared.
     */
    @Test
    void counts_like_the_real_wc() throws Exception {
        Path lone = Files.write(temporary.resolve("lone"), new byte[] {(byte) 0x80});
        boolean anyBytes = realCount(lone).words() == 0;
        var random = new SplittableRandom(7);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[random.nextInt(5_000)];
            random.nextBytes(bytes);
            for (int at = 0; at < bytes.length; at++) {
                if (!anyBytes) bytes[at] = (byte) (' ' + Math.floorMod(bytes[at], 95));
                // Random bytes are rarely white space; so in most files many are.
                if (i % 4 != 0 && random.nextInt(3) == 0)
                    bytes[at] = (byte) " \n\t\r\f\u000ba".charAt(random.nextInt(7));
            }
            Files.write(folder.resolve("random-" + i + ".bin"), bytes);
        }
        if (anyBytes) {
            write("utf8.txt", "Größe ist – relativ…\n日本語 text\n\u00a0\u2003\n");
            Files.write(folder.resolve("utf16.txt"), "zwei Wörter\n".getBytes(StandardCharsets.UTF_16));
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList())
                assertThat(count(file)).as(file.toString()).isEqualTo(realCount(file));
        }
    }

    private static WordCount count(Path file) throws IOException {
        return WordCount.of(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static WordCount realCount(Path file) throws Exception {
        var builder = new ProcessBuilder("wc", "-l", "-w", "-c").redirectInput(file.toFile());
        builder.environment().put("LC_ALL", "C");
        var process = builder.start();
        try (var counts = new Scanner(process.getInputStream(), StandardCharsets.US_ASCII)) {
            return new WordCount(counts.nextLong(), counts.nextLong(), counts.nextLong());
        }
    }
}
