package dev.pawl.cli;

import picocli.CommandLine.Parameters;

/** The pipeline that a command is about. */
final class PipelineParameter {

    private static final String MODEL = "pipeline:";

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The pipeline's name; \"pawl pipeline list\" shows them.")
    private String typed = "";

    /** Without the model in front. */
    String name() {
        return typed.startsWith(MODEL) ? typed.substring(MODEL.length()) : typed;
    }
}
