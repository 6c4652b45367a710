package dev.pawl;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** The arrows of the architecture, and habits that a reader of the source relies on. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.pawl");

    private static final String[] LANGUAGE = {"java..", "javax.crypto..", "org.jspecify.annotations"};
    private static final String CORE = "dev.pawl.core";
    private static final String SPI = "dev.pawl.spi";
    private static final String EXEC = "dev.pawl.exec";
    private static final String ENGINE = "dev.pawl.engine";
    private static final String STORE = "dev.pawl.store..";
    private static final String JSON = "dev.pawl.json";
    private static final String SCHEMA = "dev.pawl.schema";
    private static final String BOUNDARY = "dev.pawl.boundary";
    private static final String IO = "dev.pawl.io";
    private static final String TAPE = "dev.pawl.tape";
    private static final String TRAVEL = "dev.pawl.travel";
    private static final String HTTP = "dev.pawl.http";
    private static final String SQL = "dev.pawl.sql";
    private static final String SCHEDULE = "dev.pawl.schedule..";
    private static final String PIPELINE = "dev.pawl.pipeline..";
    private static final List<String> MODELS =
            List.of("dev.pawl.flow..", "dev.pawl.graph..", PIPELINE, "dev.pawl.job..", SCHEDULE);

    private static final Path ROOT = root();

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) folder = folder.getParent();
        return folder;
    }

    // ---- arrows ---------------------------------------------------------------------------------------------------

    @Test
    void everything_that_is_checked_is_there() {
        for (String name : List.of(
                CORE,
                SPI,
                EXEC,
                ENGINE,
                "dev.pawl.store",
                JSON,
                SCHEMA,
                BOUNDARY,
                IO,
                TAPE,
                TRAVEL,
                "dev.pawl.graph",
                HTTP,
                SQL,
                "dev.pawl.flow",
                "dev.pawl.schedule",
                "dev.pawl.testkit")) {
            assertThat(CLASSES.containPackage(name)).as(name).isTrue();
        }
    }

    @Test
    void the_kernel_is_four_packages_in_a_line_and_needs_nothing_but_a_logger() {
        only(CORE, CORE);
        only(SPI, CORE, SPI);
        only(EXEC, CORE, SPI, EXEC, "org.slf4j");
        only(ENGINE, CORE, SPI, EXEC, ENGINE, "org.slf4j");
    }

    @Test
    void what_looks_at_bytecode_sees_no_model_and_alone_knows_the_library_for_it() {
        only(BOUNDARY, CORE, BOUNDARY, "org.slf4j", "org.objectweb.asm");
        noClasses()
                .that()
                .resideOutsideOfPackage(BOUNDARY)
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.objectweb.asm.."))
                .check(CLASSES);
    }

    @Test
    void a_model_sees_the_words_and_the_ports_of_the_kernel_and_its_own_json_and_no_other_model() {
        only(JSON, CORE, JSON, "tools.jackson..", "com.fasterxml.jackson.annotation..");
        only(IO, CORE, JSON, SCHEMA, IO);
        only("dev.pawl.agent", CORE, JSON, SCHEMA, IO, "dev.pawl.agent", "tools.jackson..");
        only(TAPE, CORE, SPI, JSON, IO, TAPE, "tools.jackson..", "org.slf4j");
        only(TRAVEL, CORE, SPI, JSON, TAPE, TRAVEL, "tools.jackson..");
        only(SCHEMA, CORE, JSON, SCHEMA, "tools.jackson..", "com.networknt..");
        for (String model : MODELS) {
            String more = switch (model) {
                case SCHEDULE -> "com.cronutils..";
                case PIPELINE -> "dev.pawl.schedule"; // when producers run is said in the words of schedules
                default -> JSON;
            };
            classes()
                    .that()
                    .resideInAPackage(model)
                    .should()
                    .onlyDependOnClassesThat(resideInAnyPackage(
                                    model,
                                    CORE,
                                    SPI,
                                    JSON,
                                    IO,
                                    TAPE,
                                    TRAVEL,
                                    SCHEMA,
                                    BOUNDARY,
                                    "tools.jackson..",
                                    "org.slf4j..",
                                    more)
                            .or(resideInAnyPackage(LANGUAGE)))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    /** They know the port that they stand behind, and nobody who calls them. */
    @Test
    void a_kind_of_outside_call_sees_its_port_and_json_and_no_model() {
        only(HTTP, CORE, IO, JSON, SCHEMA, HTTP, "javax.net.ssl..");
        only(SQL, CORE, IO, JSON, SQL, "javax.sql..", "tools.jackson..");
    }

    @Test
    void the_store_sees_the_words_and_the_ports_of_the_kernel_and_its_databases() {
        only(
                STORE,
                CORE,
                SPI,
                STORE,
                "javax.sql..",
                "com.zaxxer.hikari..",
                "org.postgresql..",
                "org.sqlite..",
                "org.slf4j");
    }

    @Test
    void the_testkit_sees_the_kernel_alone() {
        noClasses()
                .that()
                .resideInAPackage("dev.pawl.testkit..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(STORE, JSON, "dev.pawl.cli..", "dev.pawl.examples..")
                        .or(resideInAnyPackage(MODELS.toArray(String[]::new))))
                .check(CLASSES);
    }

    /** As the build has them, without what only tests use. */
    @Test
    void modules_depend_only_on_those_below_them() throws Exception {
        assertThat(modules("kernel")).isEmpty();
        assertThat(modules("testkit")).containsOnly("pawl-kernel");
        assertThat(modules("store")).containsOnly("pawl-kernel");
        assertThat(modules("models")).containsOnly("pawl-kernel");
        assertThat(modules("connect/policy-opa")).containsOnly("pawl-kernel");
        assertThat(modules("library")).containsOnly("pawl-kernel", "pawl-models", "pawl-store");
        assertThat(modules("examples")).containsOnly("pawl", "pawl-policy-opa");
        assertThat(modules("cli")).containsOnly("pawl", "pawl-examples", "pawl-policy-opa");
    }

    private static List<String> modules(String of) throws Exception {
        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve(of).resolve("pom.xml").toFile());
        var dependencies = pom.getElementsByTagName("dependency");
        return IntStream.range(0, dependencies.getLength())
                .mapToObj(i -> (Element) dependencies.item(i))
                .filter(dependency -> text(dependency, "groupId").equals("dev.pawl"))
                .filter(dependency -> !text(dependency, "scope").equals("test"))
                .map(dependency -> text(dependency, "artifactId"))
                .toList();
    }

    private static String text(Element element, String name) {
        var found = element.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
    }

    @Test
    void no_packages_depend_on_each_other_in_a_circle() {
        slices().matching("dev.pawl.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    private static void only(String one, String... others) {
        classes()
                .that()
                .resideInAPackage(one)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(others).or(resideInAnyPackage(LANGUAGE)))
                .check(CLASSES);
    }

    // ---- habits ---------------------------------------------------------------------------------------------------

    /** Waiting for time to pass makes a test slow where it is right and wrong where the machine is slow. */
    @Test
    void no_test_sleeps() {
        var sleep = Pattern.compile("\\bThread\\s*\\.\\s*sleep\\b|(?<!\\bjob)(?<!\\bio)\\.sleep\\(|parkNanos");
        assertThat(linesWith(sleep, "src/test", Set.of("ArchitectureTest.java")))
                .isEmpty();
    }

    /** Durable times are the database's; what only one process measures is monotonic. One class is there to compare. */
    @Test
    void nobody_reads_the_wall_clock() {
        var clock = Pattern.compile(
                "\\bInstant\\.now\\(|currentTimeMillis\\(|\\bLocal\\w+\\.now\\(|\\bZonedDateTime\\.now\\("
                        + "|\\bnew Date\\(\\)|\\bClock\\.system");
        assertThat(linesWith(clock, "src/main", Set.of("WallClock.java"))).isEmpty();
    }

    /** Names that say nothing. */
    @Test
    void no_class_is_a_manager_a_util_or_a_helper() {
        assertThat(sources("src/main"))
                .extracting(file -> file.getFileName().toString())
                .noneMatch(name -> name.matches("(Abstract.*|.*(Manager|Impl|Utils?|Helper))\\.java"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect/policy-opa/src/main/java/dev/pawl/policy",
                "kernel/src/main/java/dev/pawl/core",
                "kernel/src/main/java/dev/pawl/spi",
                "kernel/src/main/java/dev/pawl/engine",
                "models/src/main/java/dev/pawl/boundary",
                "models/src/main/java/dev/pawl/flow",
                "models/src/main/java/dev/pawl/graph",
                "models/src/main/java/dev/pawl/io",
                "models/src/main/java/dev/pawl/tape",
                "models/src/main/java/dev/pawl/json",
                "models/src/main/java/dev/pawl/http",
                "models/src/main/java/dev/pawl/sql",
                "models/src/main/java/dev/pawl/schedule",
                "models/src/main/java/dev/pawl/schema",
                "testkit/src/main/java/dev/pawl/testkit"
            })
    void every_public_type_says_what_it_is(String folder) {
        var type = Pattern.compile(
                "(?m)^(?<doc> *\\*/\\n)?(?: *@\\w.*\\n)*public (?:[a-z-]+ )*(?:class|interface|record|enum) (?<name>\\w+)");
        var silent = new ArrayList<String>();
        var spoken = new ArrayList<String>();
        for (Path file : sources(folder)) {
            Matcher found = type.matcher(read(file).replaceAll("(?m)^/\\*\\*.*\\*/\\n", " */\n"));
            while (found.find()) (found.group("doc") == null ? silent : spoken).add(found.group("name"));
        }
        assertThat(silent).isEmpty();
        assertThat(spoken).isNotEmpty();
    }

    private static List<String> linesWith(Pattern what, String under, Set<String> except) {
        var found = new ArrayList<String>();
        for (Path file : sources(under)) {
            if (except.contains(file.getFileName().toString())) continue;
            int number = 0;
            for (String line : read(file).split("\n")) {
                number++;
                if (what.matcher(line).find()) found.add(ROOT.relativize(file) + ":" + number + ": " + line.strip());
            }
        }
        return found;
    }

    /** The Java files of all modules but the benchmarks below a folder with this in its path. */
    private static List<Path> sources(String under) {
        try (Stream<Path> files =
                Files.find(ROOT, 20, (file, attributes) -> file.toString().endsWith(".java"))) {
            return files.filter(file -> ROOT.relativize(file).toString().contains(under))
                    .filter(file -> !ROOT.relativize(file).startsWith("bench"))
                    .filter(file -> !ROOT.relativize(file).toString().contains("/target/"))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
