package dev.pawl.campaign;

import dev.pawl.engine.Pawl;
import dev.pawl.schedule.CatchUp;
import dev.pawl.schedule.Overlap;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleRefused;
import dev.pawl.schedule.Schedules;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.TypedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Schedules that fire every second as long as the trouble lasts, each journalled before it is added. */
final class CampaignSchedules {

    /** How many. */
    private static final int COUNT = 20;

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** From the moment of adding to the first time, so that no time has passed before it is added. */
    private static final Duration AHEAD = Duration.ofSeconds(5);

    private static final int BEFORE_ASKING_AGAIN = 100;

    private CampaignSchedules() {}

    /**
     * Adds them all.
     *
     * @param time how long they fire
     */
    static void add(Pawl client, TypedProgram<String, String> program, Path journal, Duration time)
            throws IOException, InterruptedException {
        Files.createFile(journal);
        for (int i = 0; i < COUNT; i++) {
            var from = Instant.ofEpochMilli(client.now()).plus(AHEAD);
            var until = from.plus(time);
            var name = "tick-" + i;
            Files.writeString(
                    journal,
                    "%s %d %d %d%n".formatted(name, from.toEpochMilli(), until.toEpochMilli(), INTERVAL.toMillis()),
                    StandardOpenOption.APPEND);
            untilAdded(
                    client,
                    Schedule.every(name, INTERVAL)
                            .from(from)
                            .until(until)
                            .overlap(Overlap.ALLOW)
                            .catchUp(CatchUp.all(1_000))
                            .starts(program, name));
        }
    }

    /** Whoever gets no answer asks again; the name tells whether it was added. */
    private static void untilAdded(Pawl client, Schedule schedule) throws InterruptedException {
        while (true) {
            try {
                Schedules.of(client).add(schedule);
                return;
            } catch (ScheduleRefused added) {
                return;
            } catch (StoreException unavailable) {
                Countdown.rest(BEFORE_ASKING_AGAIN);
            }
        }
    }

    /** All that were journalled. */
    static List<Timetables.Plan> in(Path journal) throws IOException {
        return Files.readAllLines(journal).stream()
                .map(line -> line.split(" "))
                .map(words -> new Timetables.Plan(
                        words[0], Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])))
                .toList();
    }
}
