package dev.pawl.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process of its own, with the code of this one and a bounded heap, that prints its figures, a line each. */
final class ChildProcess {

    private ChildProcess() {}

    /**
     * Runs it to its end and returns its figures by name.
     *
     * @throws IllegalStateException if it failed
     */
    static Map<String, Double> run(int heapMib, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMib + "m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var figures = new HashMap<String, Double>();
        try (var lines = process.inputReader()) {
            lines.lines()
                    .map(line -> line.split(" ", -1))
                    .forEach(line -> figures.put(line[0], Double.valueOf(line[1])));
        }
        if (process.waitFor() != 0)
            throw new IllegalStateException("The process of " + main.getSimpleName() + " failed.");
        return figures;
    }

    /** Tells a figure to the process that started this one. */
    static void tell(String name, double figure) {
        System.out.println(name + ' ' + figure);
    }
}
