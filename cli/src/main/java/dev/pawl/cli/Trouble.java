package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.engine.RunFailed;
import dev.pawl.exec.Refused;
import dev.pawl.json.Codec;
import dev.pawl.pipeline.PipelineRefused;
import dev.pawl.schedule.ScheduleRefused;
import dev.pawl.spi.StoreException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.databind.JsonNode;

/** Turns whatever went wrong into one clear sentence on standard error and an exit code. Traces only for PAWL_DEBUG. */
final class Trouble implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

    /** Database URLs are shown in errors, passwords never. */
    private static final Pattern SECRET = Pattern.compile("(?i)(password=|://[^/@\\s:]*:(?=[^/\\s]*@))[^&@\\s'\"]*");

    private final Shared shared;

    Trouble(Shared shared) {
        this.shared = shared;
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, @Nullable ParseResult parsed) {
        int code = exitCode(thrown);
        tell(code, message(thrown), thrown instanceof RunFailed failed ? failed : null, shared.json());
        if (debugging()) thrown.printStackTrace(shared.screen().err());
        return code;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        var command = wrong.getCommandLine();
        boolean json = shared.json() || List.of(args).contains("--json");
        tell(Exit.USAGE, usage(wrong), null, json);
        if (!json) {
            var screen = shared.screen();
            command.getUsageMessage(CommandLine.Help.Ansi.OFF)
                    .lines()
                    .findFirst()
                    .ifPresent(screen::say);
            screen.say("More: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return Exit.USAGE;
    }

    private static String usage(ParameterException wrong) {
        var commands = wrong.getCommandLine().getCommandSpec().subcommands();
        if (wrong instanceof UnmatchedArgumentException unmatched && !commands.isEmpty()) {
            String known = commands.entrySet().stream()
                    .filter(each ->
                            !each.getValue().getCommandSpec().usageMessage().hidden())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining(", "));
            return "There is no command '" + unmatched.getUnmatched().getFirst() + "'; the commands are " + known + ".";
        }
        return sentence(String.valueOf(wrong.getMessage()));
    }

    private static boolean debugging() {
        String debug = System.getenv("PAWL_DEBUG");
        return debug != null && !debug.isEmpty();
    }

    private static int exitCode(Throwable thrown) {
        return switch (thrown) {
            case Complaint complaint -> complaint.exitCode();
            case RunFailed failed -> Exit.RUN_FAILED;
            case ScheduleRefused refused ->
                refused.why() == ScheduleRefused.Why.NO_SUCH_SCHEDULE ? Exit.NOT_FOUND : Exit.REFUSED;
            case PipelineRefused ignored -> Exit.NOT_FOUND;
            case Refused refused ->
                switch (refused.why()) {
                    case NO_SUCH_RUN, NO_SUCH_PROGRAM -> Exit.NOT_FOUND;
                    default -> Exit.REFUSED;
                };
            default -> Exit.REFUSED;
        };
    }

    private static String message(Throwable thrown) {
        return switch (thrown) {
            case RunFailed failed ->
                "Run " + failed.run()
                        + (failed.status() == dev.pawl.core.RunStatus.CANCELLED ? " was cancelled" : " failed")
                        + (failed.problem() == null ? "." : ": " + problem(failed.problem()))
                        + " See \"pawl show " + failed.run() + "\"; \"pawl retry " + failed.run()
                        + "\" goes on from where it stopped.";
            case Complaint complaint -> text(complaint);
            case Refused refused -> text(refused);
            case ScheduleRefused refused -> text(refused);
            case PipelineRefused refused -> text(refused);
            case StoreException store -> text(store);
            case Failure failure -> text(failure);
            case IllegalArgumentException wrong -> text(wrong);
            default -> "This is a bug of Pawl: " + thrown + ". Set PAWL_DEBUG=1 for the trace, and please report it.";
        };
    }

    private static String text(Throwable thrown) {
        return sentence(thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
    }

    /** With a full stop, unless it ends in something like one. */
    private static String sentence(String text) {
        String stripped = text.strip();
        return stripped.matches("(?s).*[.!?:…]") ? stripped : stripped + ".";
    }

    /** A stored problem in words: {@code IllegalStateException: no such page}. */
    static String problem(Json stored) {
        JsonNode problem = Codec.STANDARD.tree(stored);
        String type = problem.path("type").asString("");
        String message = problem.path("message").asString("");
        boolean ours = type.isEmpty() || Failure.class.isAssignableFrom(typeOf(type));
        String kind = problem.path("class").asString("");
        String said = message.isEmpty() ? type : ours ? message : type + ": " + message;
        if (kind.isEmpty() || kind.equals("UNCLASSIFIED")) return sentence(said);
        return said.strip().replaceFirst("[.]$", "") + " (" + kind + ").";
    }

    private static Class<?> typeOf(String simpleName) {
        for (Class<?> known : Failure.class.getPermittedSubclasses()) {
            if (known.getSimpleName().equals(simpleName)) return known;
        }
        return Object.class;
    }

    private void tell(int code, String said, @Nullable RunFailed failed, boolean json) {
        var screen = shared.screen();
        String message = SECRET.matcher(said).replaceAll("$1***");
        if (!json) {
            screen.say(screen.errStyle().bad("pawl: ") + message);
            return;
        }
        var document = JsonText.object();
        document.put("error", Exit.word(code)).put("message", message).put("exitCode", code);
        if (failed != null) {
            document.put("run", failed.run().toString())
                    .put("status", failed.status().name());
            if (failed.problem() != null) document.set("problem", Codec.STANDARD.tree(failed.problem()));
        }
        screen.say(document.toString());
    }
}
