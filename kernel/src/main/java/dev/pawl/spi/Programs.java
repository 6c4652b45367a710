package dev.pawl.spi;

import java.util.Collection;

/**
 * Programs that come in a jar, found with {@link java.util.ServiceLoader}: a class that implements this and is named in
 * {@code META-INF/services/dev.pawl.spi.Programs}. The command line loads them from every {@code --jar}.
 */
public interface Programs {

    /** The programs, of different names or versions. */
    Collection<Program> programs();
}
