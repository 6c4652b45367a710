package dev.pawl.testkit;

import dev.pawl.engine.Fit;
import dev.pawl.engine.TimeTravel;
import dev.pawl.spi.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Replays exported runs against the code under test: keep a few files that {@code pawl export} wrote beside your tests, and
 * a build that would break runs under way does not get through. Needs the Pawl library at run time; calls nothing outside.
 * Thread-safe.
 */
public final class Replays {

    private Replays() {}

    /**
     * Requires that this code does what was recorded in every {@code .json} file of a folder and the folders below it.
     *
     * @param programs all versions that are still at work
     * @return how the code fits each run, in the order of the files
     * @throws AssertionError if it does not; the message names each run, and where it would go another way
     * @throws IllegalArgumentException if there are no files, so that an empty folder proves nothing
     */
    public static List<Fit> requireAll(Path folder, Program... programs) {
        var fits = new ArrayList<Fit>();
        var trouble = new ArrayList<String>();
        for (Path file : files(folder)) {
            var fit = check(file, programs);
            fits.add(fit);
            if (fit.isTrouble()) trouble.add(told(file, fit));
        }
        if (!trouble.isEmpty()) {
            throw new AssertionError("%d of %d recorded runs do not fit this code:%n%s"
                    .formatted(trouble.size(), fits.size(), String.join(System.lineSeparator(), trouble)));
        }
        return List.copyOf(fits);
    }

    /** How the code fits one exported run. */
    public static Fit check(Path file, Program... programs) {
        try {
            return TimeTravel.check(TimeTravel.read(file), List.of(programs));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The file " + file + " cannot be read.", unreadable);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            var files = all.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
            if (files.isEmpty()) throw new IllegalArgumentException("There are no .json files in " + folder + ".");
            return files;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The folder " + folder + " cannot be read.", unreadable);
        }
    }

    private static String told(Path file, Fit fit) {
        var differences =
                fit.divergence() == null ? List.<String>of() : fit.divergence().differences();
        return "- %s: run %s of %s version %s (%s): %s%s"
                .formatted(
                        file.getFileName(),
                        fit.run(),
                        fit.program(),
                        fit.version(),
                        fit.status(),
                        fit.said(),
                        differences.stream()
                                .map(difference -> System.lineSeparator() + "    - " + difference)
                                .collect(Collectors.joining()));
    }
}
