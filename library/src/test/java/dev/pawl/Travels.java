package dev.pawl;

import dev.pawl.core.RunId;
import dev.pawl.engine.TimeTravel;
import dev.pawl.exec.ArtifactFolder;
import dev.pawl.exec.Payloads;
import dev.pawl.exec.RunHistory;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Program;
import dev.pawl.spi.Replay;
import dev.pawl.spi.Timeline;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What the tests of time travel have in common. */
final class Travels {

    private Travels() {}

    static History history(Stage stage, RunId run) {
        var payloads = new Payloads(new ArtifactFolder(stage.store.defaultArtifacts()), Payloads.Limits.DEFAULT);
        return new RunHistory(stage.store, payloads, stage.store.run(run).orElseThrow());
    }

    static Timeline timeline(Stage stage, RunId run) {
        return TimeTravel.timeline(history(stage, run));
    }

    static Replay replay(Stage stage, RunId run, Program... programs) {
        return TimeTravel.replay(history(stage, run), List.of(programs), moment -> {});
    }

    /** The moments that a replay confirmed. */
    static List<Moment> confirmed(History run, Program... programs) {
        var seen = new ArrayList<Moment>();
        var unused = TimeTravel.replay(run, List.of(programs), seen::add);
        return seen;
    }

    static List<Moment> moments(Timeline timeline) {
        return IntStream.rangeClosed(timeline.first(), timeline.last())
                .mapToObj(timeline::at)
                .toList();
    }

    static List<String> hashes(Timeline timeline) {
        return moments(timeline).stream().map(Moment::hash).toList();
    }

    static List<String> what(Timeline timeline) {
        return moments(timeline).stream().map(Moment::what).toList();
    }

    static List<String> flaws(Stage stage, RunId run) {
        return TimeTravel.verify(history(stage, run)).flaws();
    }

    /** Changes the database behind the back of everybody; answers how many rows. */
    static int tamper(Stage stage, String sql) {
        try (Connection connection = DriverManager.getConnection(stage.url);
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }
}
