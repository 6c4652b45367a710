package dev.pawl.cli;

import dev.pawl.json.Codec;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code pawl programs}. */
@Command(name = "programs", description = "Lists the programs at hand: the examples, and those of every --jar.")
final class ProgramsCommand implements Callable<Integer> {

    private final Shared shared;

    ProgramsCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var table = new Table("PROGRAM", "VERSION", "QUEUE", "FROM", "STEPS").right(1);
        var documents = JsonText.array();
        for (var item : shared.shelf().items()) {
            var program = item.program();
            JsonNode shape = Codec.STANDARD.tree(program.shape());
            table.row(program.name(), program.version(), program.queue(), item.source(), steps(shape));
            documents
                    .addObject()
                    .put("program", program.name())
                    .put("version", program.version())
                    .put("queue", program.queue())
                    .put("from", item.source())
                    .set("shape", shape);
        }
        if (shared.json()) shared.screen().print(JsonText.pretty(documents));
        else table.print(shared.screen());
        return Exit.DONE;
    }

    private static String steps(JsonNode shape) {
        return Stream.concat(
                        shape.path("steps").valueStream(), shape.path("nodes").valueStream())
                .map(step -> step.path("name").asString("?")
                        + (step.path("kind").asString("").equals("map") ? "[]" : ""))
                .collect(Collectors.joining(" "));
    }
}
