package dev.pawl.boundary;

import static dev.pawl.boundary.Ban.ban;
import static dev.pawl.boundary.Outside.CLOCK;
import static dev.pawl.boundary.Outside.CONSOLE;
import static dev.pawl.boundary.Outside.FILES;
import static dev.pawl.boundary.Outside.NETWORK;
import static dev.pawl.boundary.Outside.PROCESSES;
import static dev.pawl.boundary.Outside.RANDOMNESS;
import static dev.pawl.boundary.Outside.SQL;
import static dev.pawl.boundary.Outside.SURROUNDINGS;
import static dev.pawl.boundary.Outside.THREADS;
import static dev.pawl.boundary.Outside.UUID;
import static dev.pawl.boundary.Outside.WAITING;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What only {@code io} may do, as a table. Printing, logging, hash codes and the order of hash maps are left alone: the
 * first two change nothing that a replay would see, the others would find more than is wrong. For one scan and one thread.
 */
final class Bans {

    private static final String NO_ARGUMENT = "()";
    private static final String A_FILE = "(Ljava/io/File;";
    private static final String A_PATH = "(Ljava/nio/file/Path;";
    private static final String A_FILE_NAME = "(Ljava/lang/String;";
    private static final String A_CLOCK = "(Ljava/time/Clock;";

    private static final List<Ban> TABLE = List.of(
            // ---- clocks
            ban(CLOCK, "java.lang.System", "currentTimeMillis nanoTime"),
            ban(CLOCK, "java.time.*", "now dateNow").except(A_CLOCK),
            ban(CLOCK, "java.time.*", "now dateNow").only(A_CLOCK).unlessMadeHere(),
            ban(CLOCK, "java.time.Clock", "system* tickMillis tickSeconds tickMinutes"),
            ban(CLOCK, "java.time.Clock", "instant millis").orSubtype().unlessMadeHere(),
            ban(CLOCK, "java.time.InstantSource", "system"),
            ban(CLOCK, "java.time.InstantSource", "instant millis").unlessMadeHere(),
            ban(CLOCK, "java.util.Date", "new").only(NO_ARGUMENT),
            ban(CLOCK, "java.util.Calendar", "getInstance"),
            ban(CLOCK, "java.util.GregorianCalendar", "new").except("(I"),

            // ---- randomness
            ban(RANDOMNESS, "java.lang.Math", "random"),
            ban(RANDOMNESS, "java.lang.StrictMath", "random"),
            ban(RANDOMNESS, "java.util.Random", "new").only(NO_ARGUMENT),
            ban(RANDOMNESS, "java.util.SplittableRandom", "new").only(NO_ARGUMENT),
            ban(RANDOMNESS, "java.util.concurrent.ThreadLocalRandom", "current"),
            ban(RANDOMNESS, "java.security.SecureRandom", "new getInstance*"),
            ban(RANDOMNESS, "java.util.random.RandomGenerator", "getDefault of"),
            ban(RANDOMNESS, "java.util.random.RandomGeneratorFactory", "create").only(NO_ARGUMENT),
            ban(RANDOMNESS, "java.util.Collections", "shuffle").only("(Ljava/util/List;)"),
            ban(RANDOMNESS, "java.util.Random", "next* ints longs doubles")
                    .orSubtype()
                    .unlessMadeHere(),
            ban(RANDOMNESS, "java.util.SplittableRandom", "next* ints longs doubles split splits")
                    .unlessMadeHere(),
            ban(UUID, "java.util.UUID", "randomUUID"),

            // ---- waiting and threads
            ban(WAITING, "java.lang.Thread", "sleep").orSubtype(),
            ban(WAITING, "java.util.concurrent.TimeUnit", "sleep timedWait timedJoin"),
            ban(WAITING, "java.util.concurrent.locks.LockSupport", "park*"),
            ban(WAITING, "*", "wait").only("()V", "(J)V", "(JI)V"),
            ban(THREADS, "java.lang.Thread", "new start startVirtualThread ofVirtual ofPlatform join")
                    .orSubtype(),
            ban(THREADS, "java.util.concurrent.Executors", "new*"),
            ban(THREADS, "java.util.concurrent.ThreadPoolExecutor", "new"),
            ban(THREADS, "java.util.concurrent.ForkJoinPool", "new commonPool"),
            ban(THREADS, "java.util.concurrent.Executor", "execute submit invoke* schedule*")
                    .orSubtype(),
            ban(THREADS, "java.util.concurrent.ForkJoinTask", "fork invokeAll").orSubtype(),
            ban(THREADS, "java.util.concurrent.StructuredTaskScope", "new open fork")
                    .orSubtype(),
            ban(
                    THREADS,
                    "java.util.concurrent.CompletableFuture",
                    "*Async delayedExecutor orTimeout completeOnTimeout"),
            ban(THREADS, "java.util.concurrent.CompletionStage", "*Async"),
            ban(THREADS, "java.util.Timer", "new schedule*"),
            ban(THREADS, "java.util.stream.BaseStream", "parallel").orSubtype(),
            ban(THREADS, "java.util.Collection", "parallelStream").orSubtype(),

            // ---- files
            ban(FILES, "java.nio.file.Files", "*"),
            ban(FILES, "java.nio.file.Path", "toRealPath register"),
            ban(FILES, "java.nio.file.FileSystems", "newFileSystem"),
            ban(FILES, "java.nio.channels.FileChannel", "open"),
            ban(FILES, "java.nio.channels.AsynchronousFileChannel", "open"),
            ban(FILES, "java.io.FileInputStream", "new").orSubtype(),
            ban(FILES, "java.io.FileOutputStream", "new").orSubtype(),
            ban(FILES, "java.io.FileReader", "new"),
            ban(FILES, "java.io.FileWriter", "new"),
            ban(FILES, "java.io.RandomAccessFile", "new"),
            ban(FILES, "java.io.PrintStream", "new").only(A_FILE, A_FILE_NAME),
            ban(FILES, "java.io.PrintWriter", "new").only(A_FILE, A_FILE_NAME),
            ban(FILES, "java.util.Formatter", "new").only(A_FILE, A_FILE_NAME),
            ban(FILES, "java.util.Scanner", "new").only(A_FILE, A_PATH),
            ban(FILES, "java.util.zip.ZipFile", "new").orSubtype(),
            ban(
                    FILES,
                    "java.io.File",
                    "can* create* delete* exists getCanonical* getFreeSpace getTotalSpace getUsableSpace isDirectory isFile"
                            + " isHidden lastModified length list* mkdir* renameTo set*"),

            // ---- the network
            ban(NETWORK, "java.net.Socket", "new connect").orSubtype(),
            ban(NETWORK, "java.net.ServerSocket", "new accept").orSubtype(),
            ban(NETWORK, "java.net.DatagramSocket", "new send receive").orSubtype(),
            ban(NETWORK, "javax.net.SocketFactory", "createSocket").orSubtype(),
            ban(NETWORK, "java.nio.channels.SocketChannel", "open connect"),
            ban(NETWORK, "java.nio.channels.ServerSocketChannel", "open accept"),
            ban(NETWORK, "java.nio.channels.DatagramChannel", "open send receive"),
            ban(NETWORK, "java.nio.channels.AsynchronousSocketChannel", "open connect"),
            ban(NETWORK, "java.nio.channels.AsynchronousServerSocketChannel", "open accept"),
            ban(NETWORK, "java.net.http.HttpClient", "send*").orSubtype(),
            ban(NETWORK, "java.net.http.WebSocket", "send*"),
            ban(NETWORK, "java.net.http.WebSocket$Builder", "buildAsync"),
            ban(NETWORK, "java.net.URL", "openStream openConnection getContent"),
            ban(NETWORK, "java.net.URLConnection", "connect getContent* getInputStream getOutputStream getResponse*")
                    .orSubtype(),
            ban(
                            NETWORK,
                            "java.net.InetAddress",
                            "getByName getAllByName getLocalHost getHostName getCanonical* isReachable")
                    .orSubtype(),
            ban(NETWORK, "java.net.InetSocketAddress", "new").only("(Ljava/lang/String;"),
            ban(NETWORK, "java.net.NetworkInterface", "get* networkInterfaces"),

            // ---- databases
            ban(SQL, "java.sql.DriverManager", "getConnection"),
            ban(SQL, "javax.sql.DataSource", "getConnection").orSubtype(),
            ban(SQL, "java.sql.Connection", "commit rollback").orSubtype(),
            ban(SQL, "java.sql.Statement", "execute*").orSubtype(),

            // ---- the machine
            ban(SURROUNDINGS, "java.lang.System", "getProperty getProperties setProperty getenv identityHashCode"),
            ban(SURROUNDINGS, "java.lang.Integer", "getInteger"),
            ban(SURROUNDINGS, "java.lang.Long", "getLong"),
            ban(SURROUNDINGS, "java.lang.Boolean", "getBoolean"),
            ban(SURROUNDINGS, "java.lang.Runtime", "availableProcessors freeMemory totalMemory maxMemory"),
            ban(SURROUNDINGS, "java.util.Locale", "getDefault"),
            ban(SURROUNDINGS, "java.util.TimeZone", "getDefault"),
            ban(SURROUNDINGS, "java.time.ZoneId", "systemDefault"),
            ban(PROCESSES, "java.lang.ProcessBuilder", "new start startPipeline"),
            ban(PROCESSES, "java.lang.Runtime", "exec"),
            ban(PROCESSES, "java.lang.ProcessHandle", "current of allProcesses"),
            ban(CONSOLE, "java.lang.System", "in console"));

    /** Makes what may then be used: with a seed, or from a fixed time. What has no seed is found where it is made. */
    private static final List<Ban> MAKERS = List.of(
            ban(CLOCK, "java.time.Clock", "new fixed offset system* tick*"),
            ban(CLOCK, "java.time.InstantSource", "fixed offset tick system"),
            ban(RANDOMNESS, "java.util.Random", "new from").orSubtype(),
            ban(RANDOMNESS, "java.util.SplittableRandom", "new"),
            ban(RANDOMNESS, "java.util.concurrent.ThreadLocalRandom", "current"),
            ban(RANDOMNESS, "java.security.SecureRandom", "getInstance*"));

    private final ClassFiles files;
    private final Map<Use.Member, Optional<Ban>> known = new HashMap<>();
    private final Map<Use.Member, Optional<Ban>> makers = new HashMap<>();

    Bans(ClassFiles files) {
        this.files = files;
    }

    Optional<Ban> find(Use.Member member) {
        return known.computeIfAbsent(member, key -> first(TABLE, key));
    }

    /** Of what kind the thing is that is made here to be used. */
    Optional<Outside> made(Use.Member member) {
        return makers.computeIfAbsent(member, key -> first(MAKERS, key)).map(Ban::kind);
    }

    private Optional<Ban> first(List<Ban> bans, Use.Member member) {
        return bans.stream().filter(ban -> ban.hits(member, files)).findFirst();
    }

    /** {@code Instant.now}, {@code new Date}. */
    static String title(Use.Member member) {
        var owner = member.owner();
        var name = owner.substring(owner.lastIndexOf('/') + 1).replace('$', '.');
        return member.constructs() ? "new " + name : name + "." + member.name();
    }
}
