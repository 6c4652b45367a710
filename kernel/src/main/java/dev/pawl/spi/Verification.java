package dev.pawl.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What checking the record of a run against itself found, without its code.
 *
 * @param moments how many steps were looked at
 * @param seal the last link of its chain of hashes, which stands for everything before it; null if it keeps none
 * @param flaws what does not fit, a sentence each; empty if all does
 * @param remarks what could not be checked, and why
 */
public record Verification(int moments, @Nullable String seal, List<String> flaws, List<String> remarks) {

    public Verification {
        flaws = List.copyOf(flaws);
        remarks = List.copyOf(remarks);
    }

    /** Whether everything fits. */
    public boolean holds() {
        return flaws.isEmpty();
    }
}
