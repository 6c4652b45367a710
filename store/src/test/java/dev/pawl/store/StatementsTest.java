package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pawl.testkit.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementsTest {

    @TempDir
    Path folder;

    @Test
    void every_statement_prepares_on_sqlite() throws Exception {
        prepareAll("jdbc:sqlite:" + folder.resolve("pawl.db"));
    }

    @Test
    void every_statement_prepares_on_postgresql() throws Exception {
        prepareAll(Postgres.shared().freshDatabase());
    }

    private static void prepareAll(String url) throws Exception {
        Dialect dialect = JdbcStores.dialect(url);
        new Migrations(dialect).run();
        try (var connection = dialect.connect()) {
            for (var statement : new Statements(dialect).all()) {
                assertThatCode(() -> {
                            try (var prepared = connection.prepareStatement(statement.sql())) {
                                // Asking for the parameters makes the server parse it; nothing is executed.
                                assertThat(prepared.getParameterMetaData().getParameterCount())
                                        .isEqualTo(statement.parameters());
                            }
                        })
                        .as(statement.name() + "\n" + statement.sql())
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void no_statement_is_unused() throws IOException {
        var named = new TreeSet<String>();
        for (String file : Statements.FILES) {
            Pattern.compile("-- name: ([a-z_.]+)")
                    .matcher(Statements.resource(file + ".sql"))
                    .results()
                    .forEach(head -> named.add(head.group(1)));
        }
        var quoted = new TreeSet<String>();
        try (var sources = Files.list(Path.of("src/main/java/dev/pawl/store"))) {
            for (Path source : sources.toList()) {
                Pattern.compile("\"([a-z]+\\.[a-z_]+)\"")
                        .matcher(Files.readString(source))
                        .results()
                        .forEach(name -> quoted.add(name.group(1)));
            }
        }

        assertThat(named).isSubsetOf(quoted);
    }

    @Test
    void a_form_for_one_database_takes_the_same_parameters_as_the_form_for_all() {
        var forAll = new Statements(new Sqlite("jdbc:sqlite:" + folder.resolve("none.db")));
        var forPostgres = new Statements(JdbcStores.dialect("jdbc:postgresql://nowhere/none"));

        for (var statement : forPostgres.all()) {
            assertThat(forAll.get(statement.name()).positions().keySet())
                    .as(statement.name())
                    .isEqualTo(statement.positions().keySet());
        }
        assertThat(forPostgres.all()).hasSameSizeAs(forAll.all());
    }
}
