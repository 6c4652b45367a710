package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The command line {@code pawl}. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        var screen = Screen.ofProcess();
        int code = run(screen, args);
        screen.out().flush();
        screen.err().flush();
        // Said explicitly, because user code may have left threads behind.
        System.exit(code);
    }

    static int run(Screen screen, String... args) {
        return commandLine(screen).execute(args);
    }

    private static CommandLine commandLine(Screen screen) {
        var shared = new Shared(screen);
        var line = new CommandLine(new PawlCommand(shared));
        line.addSubcommand(new DemoCommand(shared))
                .addSubcommand(new RunCommand(shared))
                .addSubcommand(new SubmitCommand(shared))
                .addSubcommand(new WorkerCommand(shared))
                .addSubcommand(new ListCommand(shared))
                .addSubcommand(new ShowCommand(shared))
                .addSubcommand(new EventsCommand(shared))
                .addSubcommand(new CancelCommand(shared))
                .addSubcommand(new PauseCommand(shared))
                .addSubcommand(new ResumeCommand(shared))
                .addSubcommand(new RetryCommand(shared))
                .addSubcommand(new RestartCommand(shared))
                .addSubcommand(new ForkCommand(shared))
                .addSubcommand(new ReplayCommand(shared))
                .addSubcommand(new VerifyCommand(shared))
                .addSubcommand(new DiffCommand(shared))
                .addSubcommand(new ExportCommand(shared))
                .addSubcommand(new CheckCommand(shared))
                .addSubcommand(new SignalCommand(shared))
                .addSubcommand(new InboxCommand(shared))
                .addSubcommand(new ResolveCommand(shared))
                .addSubcommand(new ApproveCommand(shared))
                .addSubcommand(new RejectCommand(shared))
                .addSubcommand(new RecoveryCommand(shared))
                .addSubcommand(new TreeCommand(shared))
                .addSubcommand(ScheduleCommand.line(shared))
                .addSubcommand(PipelineCommand.line(shared))
                .addSubcommand(PolicyCommand.line(shared))
                .addSubcommand(new ExplainCommand(shared))
                .addSubcommand(new HealthCommand(shared))
                .addSubcommand(new ProgramsCommand(shared))
                .addSubcommand(new MigrateCommand(shared))
                .addSubcommand(new PruneCommand(shared))
                .addSubcommand(new DemoWorkerCommand(shared));
        HelpOptions.addTo(line);
        var trouble = new Trouble(shared);
        return line.setExpandAtFiles(false) // "@FILE" is ours
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(screen.style().colours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(Math.min(120, Math.max(80, screen.width())))
                .setOut(screen.out())
                .setErr(screen.err())
                .setExecutionExceptionHandler(trouble)
                .setParameterExceptionHandler(trouble);
    }
}
