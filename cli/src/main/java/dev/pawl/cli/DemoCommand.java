package dev.pawl.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code pawl demo}. */
@Command(
        name = "demo",
        description =
                "Counts the files of this checkout with two workers, kills one of them with kill -9 in the middle, "
                        + "starts another, and shows that nothing was lost or done twice. Takes a few seconds, leaves nothing behind.")
final class DemoCommand implements Callable<Integer> {

    private final Shared shared;

    DemoCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws Exception {
        var checkout = checkout();
        var folder = checkout == null ? Path.of("").toAbsolutePath() : checkout;
        try (var demo = Demo.prepare(shared, folder);
                var interrupted = WhenInterrupted.run(() -> leave(demo))) {
            return demo.play() ? Exit.DONE : Exit.RUN_FAILED;
        }
    }

    private void leave(Demo demo) {
        demo.close();
        shared.screen().say(System.lineSeparator() + "Interrupted. Nothing is left behind.");
    }

    /** The folder of the launcher, from where it keeps this jar; null if this was started in another way. */
    private static @Nullable Path checkout() throws Exception {
        var source = Main.class.getProtectionDomain().getCodeSource();
        if (source == null) return null;
        for (Path above = Path.of(source.getLocation().toURI()); above != null; above = above.getParent()) {
            if (Files.isRegularFile(above.resolve("pawl")) && Files.isRegularFile(above.resolve("pom.xml")))
                return above;
        }
        return null;
    }
}
