package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --help} for every command, {@code --version} for the first, and {@code pawl help COMMAND}. */
final class HelpOptions {

    private HelpOptions() {}

    static void addTo(CommandLine root) {
        root.addSubcommand(new CommandLine.HelpCommand());
        addHelp(root);
        IVersionProvider version = () -> new String[] {version()};
        root.getCommandSpec()
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("The version of Pawl.")
                        .build())
                .versionProvider(version);
    }

    private static void addHelp(CommandLine command) {
        if (command.getCommandSpec().userObject() instanceof CommandLine.HelpCommand) return;
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("This help.")
                        .build())
                .usageMessage()
                .abbreviateSynopsis(false)
                .showDefaultValues(false);
        command.getSubcommands().values().forEach(HelpOptions::addHelp);
    }

    private static String version() {
        String built = Main.class.getPackage().getImplementationVersion();
        return "pawl " + (built == null ? "(not built as a jar)" : built) + ", JDK "
                + Runtime.version().feature();
    }
}
