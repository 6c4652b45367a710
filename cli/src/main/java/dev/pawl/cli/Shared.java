package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.json.Codec;
import dev.pawl.policy.OpaPolicy;
import dev.pawl.policy.OpaSettings;
import dev.pawl.policy.PolicyRefused;
import dev.pawl.spi.Policy;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that all commands have, and what follows from them. */
final class Shared {

    private static final String SQLITE = "jdbc:sqlite:";
    private static final int SHORTEST_PREFIX = 4;

    @Option(
            names = "--db",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:PAWL_DB:-jdbc:sqlite:pawl.db}",
            description = "The database: jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE?user=USER. "
                    + "Otherwise PAWL_DB, otherwise jdbc:sqlite:pawl.db.")
    private String url = "jdbc:sqlite:pawl.db";

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A jar with programs of yours (ServiceLoader of dev.pawl.spi.Programs). Repeatable.")
    private final List<Path> jars = new ArrayList<>();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Output for machines; errors too, on standard error.")
    private boolean json;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:PAWL_POLICY}",
            description =
                    "A policy that decides what may be submitted and done: .wasm, or a bundle made by \"opa build -t wasm\". "
                            + "Otherwise PAWL_POLICY, otherwise none. Give it to every worker and to whoever submits.")
    private @Nullable Path policy;

    @Option(
            names = "--policy-data",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:PAWL_POLICY_DATA}",
            description = "What that policy sees as data: a JSON object, in place of what its bundle has. "
                    + "Otherwise PAWL_POLICY_DATA, otherwise the bundle's own.")
    private @Nullable Path policyData;

    private final Screen screen;

    Shared(Screen screen) {
        this.screen = screen;
    }

    boolean json() {
        return json;
    }

    Screen screen() {
        return screen;
    }

    String url() {
        return url;
    }

    boolean jarsGiven() {
        return !jars.isEmpty();
    }

    /** The examples, and what the jars bring. */
    Shelf shelf() {
        return Shelf.load(jars);
    }

    // ---- the database ---------------------------------------------------------------------------------------------

    /**
     * Opens the database for a command that asks or tells; one that is not there is not created. Such commands submit
     * nothing, so they need no policy, and work when it is broken.
     */
    Pawl client() {
        requireDatabase();
        return Pawl.open(url, Settings.CLIENT, List.of());
    }

    /** Opens the database with programs; a SQLite file that is not there is created. */
    Pawl open(Settings settings, Collection<? extends Program> programs) {
        return Pawl.open(url, governed(settings), programs);
    }

    /** Opens a database that is deleted afterwards. */
    Pawl live(Settings settings, Collection<? extends Program> programs) {
        return Pawl.live(governed(settings), programs);
    }

    private Settings governed(Settings settings) {
        if (policy != null) return settings.policy(policy(policy, policyData));
        if (policyData == null) return settings.policy(null);
        throw Complaint.usage(
                "There is data for a policy, " + policyData
                        + ", but no policy. Name one with --policy or PAWL_POLICY, or leave out --policy-data and PAWL_POLICY_DATA.");
    }

    /**
     * Loads a policy.
     *
     * @param data what it sees as data; null for what its bundle has
     * @throws Complaint if it cannot be used
     */
    static Policy policy(Path file, @Nullable Path data) {
        if (!Files.isRegularFile(file)) throw Complaint.usage("There is no policy " + file + ".");
        try {
            return OpaPolicy.load(file, OpaSettings.DEFAULT.data(data == null ? null : data(data)));
        } catch (PolicyRefused refused) {
            throw Complaint.refused(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static Json data(Path file) {
        if (!Files.isRegularFile(file))
            throw Complaint.usage("There is no file " + file + " with data for the policy.");
        try {
            return Codec.STANDARD.compact(Files.readString(file));
        } catch (Failure.Logic notJson) {
            throw Complaint.refused("The policy's data " + file + " is not JSON: " + notJson.getMessage(), notJson);
        } catch (IOException unreadable) {
            throw Complaint.refused("The policy's data " + file + " cannot be read: " + unreadable, unreadable);
        }
    }

    /**
     * Asking a database that does not exist is more likely a typing error than a wish.
     *
     * @throws Complaint if there is none
     */
    private void requireDatabase() {
        if (!url.startsWith(SQLITE)) return;
        String file = url.substring(SQLITE.length()).replaceFirst("\\?.*", "");
        try {
            if (file.isEmpty() || file.startsWith(":") || file.startsWith("file:") || Files.exists(Path.of(file)))
                return;
        } catch (InvalidPathException notAPath) {
            return; // the store says it better
        }
        throw Complaint.notFound(
                "There is no database " + file
                        + " yet. \"pawl run\", \"pawl submit\" and \"pawl pipeline start\" create it; or name another one with --db.");
    }

    /**
     * The run that somebody named: by its id, the beginning of it, or {@code last} for the newest.
     *
     * @throws Complaint if there is none, or more than one
     */
    RunId find(Pawl pawl, String name) {
        if (name.equals("last")) {
            return pawl.list(new Store.RunFilter(null, null, null, 1)).stream()
                    .map(run -> run.id())
                    .findFirst()
                    .orElseThrow(() -> Complaint.notFound("There are no runs in this database yet."));
        }
        if (name.length() >= 26) {
            try {
                return pawl.find(RunId.parse(name))
                        .map(run -> run.id())
                        .orElseThrow(() -> Complaint.notFound(
                                "There is no run " + name + " in this database. \"pawl list\" shows those there are."));
            } catch (IllegalArgumentException notAnId) {
                throw Complaint.notFound(notAnId.getMessage() + " \"pawl list\" shows the runs there are.");
            }
        }
        return byPrefix(pawl, name);
    }

    private static RunId byPrefix(Pawl pawl, String prefix) {
        if (prefix.length() < SHORTEST_PREFIX) throw noSuchRun(prefix);
        RunId above;
        try {
            above = RunId.parse(prefix + "Z".repeat(26 - prefix.length()));
        } catch (IllegalArgumentException notAPrefix) {
            throw noSuchRun(prefix);
        }
        var newest = pawl.list(new Store.RunFilter(null, null, above, 2)).stream()
                .map(run -> run.id().toString())
                .filter(id -> id.regionMatches(true, 0, prefix, 0, prefix.length()))
                .toList();
        if (newest.isEmpty()) throw noSuchRun(prefix);
        if (newest.size() > 1) {
            throw Complaint.notFound("The ids of several runs begin with " + prefix + ", " + newest.getFirst() + " and "
                    + newest.getLast() + " among them. Give more of it.");
        }
        return RunId.parse(newest.getFirst());
    }

    private static Complaint noSuchRun(String name) {
        return Complaint.notFound(
                "There is no run '" + name
                        + "' in this database. A run is named by its id, the beginning of its id, or \"last\"; \"pawl list\" shows them.");
    }

    /** Who gives the command, for the history. */
    static String actor() {
        return System.getProperty("user.name", "somebody");
    }
}
