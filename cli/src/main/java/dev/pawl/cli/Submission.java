package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.engine.Submit;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.spi.Program;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is submitted: a program, an input, perhaps a key. */
final class Submission {

    @Parameters(paramLabel = "PROGRAM", description = "The name of the program; \"pawl programs\" lists them.")
    private String program = "";

    @Mixin
    private final InputOption input = new InputOption();

    @Option(
            names = "--key",
            paramLabel = "K",
            description = "Makes it the only run of its program with this key: submitting again gives the same run.")
    private @Nullable String key;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = "What people and policies want to know about the run. Repeatable.")
    private final Map<String, String> labels = new LinkedHashMap<>();

    /**
     * All versions of the program that are at hand, the newest last.
     *
     * @throws Complaint if there is none, or it is a pipeline
     */
    List<Program> programs(Shared shared) {
        var programs = shared.shelf().named(program);
        if (programs.getLast() instanceof Pipeline pipeline) {
            String name = pipeline.name().substring(pipeline.name().indexOf(':') + 1);
            throw Complaint.usage("\"" + name
                    + "\" is a pipeline, which goes on for ever. Start it with: pawl pipeline start " + name
                    + "; with --work it is worked on here.");
        }
        return programs;
    }

    /**
     * The input.
     *
     * @throws Complaint if it is no JSON, or larger than any payload may be
     */
    Json input() {
        Json json = input.read();
        int limit = Settings.DEFAULT.payloads().hard();
        if (json.text().length() > limit / 3 && json.text().getBytes(StandardCharsets.UTF_8).length > limit) {
            throw Complaint.refused("The input is larger than " + Text.count(limit, "byte")
                    + ", the limit of a payload. Keep large data elsewhere and pass a reference to it.");
        }
        return json;
    }

    /**
     * Submits it.
     *
     * @throws Complaint if the program cannot take the input
     */
    Handle<Json> submit(Pawl pawl, List<Program> programs, Json json) {
        var how = key == null ? Submit.NOW : Submit.once(key);
        for (var label : labels.entrySet()) how = how.label(label.getKey(), label.getValue());
        try {
            return pawl.submit(programs.getLast().name(), json, how.by(Shared.actor()));
        } catch (Failure.Policy denied) {
            throw Complaint.refused(String.valueOf(denied.getMessage()), denied);
        } catch (Failure.Logic unfit) {
            throw Complaint.usage(
                    unfit.getMessage() + (input.given() ? "" : " Give the input with --input JSON or --input @FILE."),
                    unfit);
        }
    }
}
