package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.Postgres;
import org.junit.jupiter.api.Test;

/** The same commands on PostgreSQL. */
class PostgresCommandsTest {

    @Test
    void runs_are_submitted_worked_on_and_shown() {
        var pawl = new Cli(Postgres.shared().freshDatabase());
        assertThat(pawl.run("migrate").out()).contains("PostgreSQL").contains("up to date");
        assertThat(pawl.run("run", "map-over-map", "--input", "[1,2,3]").line()).isEqualTo("\"0: 1, 1: 4, 2: 9\"");
        assertThat(pawl.run("list", "--json").out().lines()).hasSize(1);
        assertThat(pawl.run("show", "last").out()).contains("SUCCEEDED", "label");
        assertThat(pawl.run("events", "last", "--follow").out()).contains("run.succeeded");
        assertThat(pawl.run("retry", "last").code()).isEqualTo(Exit.REFUSED);
        assertThat(pawl.run("health").out()).startsWith("HEALTHY").contains("1 succeeded");
        assertThat(pawl.run("health", "--json").out()).contains("deadRows");
        assertThat(pawl.run("prune", "--older-than", "0s").line()).isEqualTo("1 run pruned.");
    }
}
