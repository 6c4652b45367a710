package dev.pawl.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line as a process of its own. */
final class CliProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;

    private CliProcess(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    static CliProcess start(Path temporary, String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        return new CliProcess(new ProcessBuilder(command)
                .redirectError(temporary.resolve("stderr.txt").toFile())
                .start());
    }

    /** The next line of the result. */
    String readLine() throws IOException {
        return out.readLine();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end and answers the exit code. */
    int await(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) throw new IllegalStateException("It does not end.");
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
