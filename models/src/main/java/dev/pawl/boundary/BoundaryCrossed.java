package dev.pawl.boundary;

import java.util.List;
import java.util.stream.Collectors;

/** A strict program does by itself what only {@code io} may do. The message names every place and the way out. */
public final class BoundaryCrossed extends RuntimeException {

    private final List<Finding> findings;

    BoundaryCrossed(String program, List<Finding> findings) {
        super(findings.stream()
                .map(finding -> "\n  " + finding)
                .collect(Collectors.joining(
                        "",
                        "The code of \"" + program + "\" may do something else when it runs again:",
                        "\nCorrect this, or define the program with Strictness.WARN or OFF.")));
        this.findings = findings;
    }

    /** At least one. */
    public List<Finding> findings() {
        return findings;
    }
}
