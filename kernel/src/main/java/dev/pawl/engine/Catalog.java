package dev.pawl.engine;

import dev.pawl.core.Definition;
import dev.pawl.exec.Refused;
import dev.pawl.spi.BuiltIn;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs at hand, and which of them fit what the database knows. A program whose shape differs from the stored one
 * of the same version is kept out: its runs wait for a worker with the right code.
 */
final class Catalog {

    private static final Logger log = LoggerFactory.getLogger(Catalog.class);

    private final Map<String, Program> newest = new LinkedHashMap<>();
    private final Map<Integer, Program> byDefinition = new HashMap<>();
    private final Map<Program, Integer> definitions = new HashMap<>();
    private final Map<Program, String> misfits = new HashMap<>();

    /**
     * @param builtIn what every process has beside the programs that it was given
     * @throws IllegalArgumentException if two programs have the same name and version, or one must not run
     */
    Catalog(Store store, long now, Collection<? extends Program> programs, Iterable<BuiltIn> builtIn) {
        var seen = new HashMap<String, Program>();
        for (Program program : programs) {
            var twin = seen.putIfAbsent(program.name() + " version " + program.version(), program);
            if (twin != null) {
                throw new IllegalArgumentException(
                        "Two programs are called %s in version %s. Rename one, or give it another version."
                                .formatted(program.name(), program.version()));
            }
            program.inspect();
            newest.put(program.name(), program);
        }
        register(store, now, seen.values());
        var fitting = newest.values().stream().filter(definitions::containsKey).toList();
        for (BuiltIn more : builtIn) {
            register(
                    store,
                    now,
                    more.beside(fitting).stream()
                            .filter(program -> !definitions.containsKey(program)) // given, by somebody who knows it
                            .toList());
        }
    }

    private void register(Store store, long now, Collection<Program> programs) {
        if (programs.isEmpty()) return;
        var stored = store.write(tx -> {
            var found = new LinkedHashMap<Program, Definition>();
            programs.forEach(
                    program -> found.put(program, tx.define(program.name(), program.version(), program.shape(), now)));
            return found;
        });
        stored.forEach(this::register);
    }

    private void register(Program program, Definition stored) {
        List<String> differences = program.differences(stored.shape());
        if (differences.isEmpty()) {
            byDefinition.put(stored.id(), program);
            definitions.put(program, stored.id());
            return;
        }
        String message =
                "%s version %s has another shape here than in the database, so this process leaves its runs alone. %s Give the changed code a new version."
                        .formatted(program.name(), program.version(), String.join(" ", differences));
        misfits.put(program, message);
        log.error(message);
    }

    /** What this process can work on, by the number of the stored definition. */
    Map<Integer, Program> byDefinition() {
        return Map.copyOf(byDefinition);
    }

    /** Why programs were kept out. */
    Collection<String> misfits() {
        return misfits.values();
    }

    /**
     * The stored number of a program.
     *
     * @throws Refused if its shape differs from the stored one, or it was not given to this Pawl
     */
    int definition(Program program) {
        var id = definitions.get(program);
        if (id != null) return id;
        var misfit = misfits.get(program);
        if (misfit != null) throw new Refused(Refused.Why.SHAPE_DIFFERS, misfit);
        throw new Refused(
                Refused.Why.NO_SUCH_PROGRAM,
                program.name() + " version " + program.version() + " was not given to this Pawl when it was opened.");
    }

    /**
     * A program by name; of several versions the one given last.
     *
     * @throws Refused if there is none
     */
    Program named(String name) {
        var program = newest.get(name);
        if (program != null) return program;
        var matches = newest.keySet().stream()
                .filter(full -> full.substring(full.indexOf(':') + 1).equals(name))
                .toList();
        if (matches.size() == 1) return named(matches.getFirst());
        throw new Refused(
                Refused.Why.NO_SUCH_PROGRAM,
                matches.isEmpty()
                        ? "There is no program '" + name + "' here. Known: " + String.join(", ", newest.keySet()) + "."
                        : "'" + name + "' could be " + String.join(" or ", matches) + ".");
    }

    /**
     * The same, if this process can work on its runs.
     *
     * @throws Refused if there is none, or its shape differs from the stored one
     */
    Program fitting(String name) {
        var program = named(name);
        definition(program);
        return program;
    }

    @Nullable
    Program at(int definition) {
        return byDefinition.get(definition);
    }

    Collection<Program> programs() {
        return newest.values();
    }
}
