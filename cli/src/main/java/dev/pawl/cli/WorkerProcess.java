package dev.pawl.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker of the demo in a process of its own: this same program, started again. */
final class WorkerProcess {

    private static final int LOG_LINES_SHOWN = 5;

    private final int number;
    private final Process process;
    private final Path log;

    private WorkerProcess(int number, Process process, Path log) {
        this.number = number;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param number what people call it
     * @param folder for what it leaves behind: its log, and the native library of SQLite
     */
    static WorkerProcess start(int number, Path folder, List<String> arguments) throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("tmp-" + number));
        Path log = folder.resolve("worker-" + number + ".log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new WorkerProcess(number, process, log);
    }

    int number() {
        return number;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** {@code kill -9}, and waits until it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** The last lines that it wrote. */
    String lastWords() {
        try {
            var lines = Files.readAllLines(log);
            return String.join(
                    System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException gone) {
            return "";
        }
    }
}
