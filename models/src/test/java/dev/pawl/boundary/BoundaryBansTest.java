package dev.pawl.boundary;

import static dev.pawl.boundary.Node.does;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Scanner;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is found, and what is not: one test for a family of calls. Nothing here is ever run. */
@SuppressWarnings({"DefaultCharset", "FutureReturnValueIgnored", "JavaUtilDate", "UnusedMethod", "WaitNotInLoop"})
class BoundaryBansTest {

    static int counter;

    private static void finds(String what, Node... nodes) {
        for (var node : nodes) assertThat(does(node)).singleElement().asString().startsWith(what);
    }

    private static void findsNothing(Node... nodes) {
        for (var node : nodes) assertThat(does(node)).isEmpty();
    }

    @Test
    void clocks() {
        finds(
                "reads the clock (",
                s -> System.currentTimeMillis(),
                s -> System.nanoTime(),
                s -> Instant.now(),
                s -> LocalDate.now(ZoneOffset.UTC),
                s -> LocalDateTime.now(ZoneOffset.UTC),
                s -> ZonedDateTime.now(ZoneOffset.UTC),
                s -> OffsetDateTime.now(ZoneOffset.UTC),
                s -> Year.now(ZoneOffset.UTC),
                s -> Clock.systemUTC(),
                s -> new Date(),
                s -> Calendar.getInstance());
        assertThat(does(s -> Instant.now())).containsExactly("reads the clock (Instant.now)");
        assertThat(does(s -> new Date())).containsExactly("reads the clock (new Date)");
        findsNothing(
                s -> Instant.parse(s),
                s -> new Date(0),
                s -> LocalDate.ofInstant(Instant.EPOCH, ZoneOffset.UTC),
                s -> new HashMap<>().put("now", s));
    }

    @Test
    void a_clock_that_was_brought_along_is_found_and_one_made_from_a_fixed_time_is_not() {
        Clock clock = Clock.systemUTC();
        finds("reads the clock (Clock.instant)", s -> clock.instant());
        finds("reads the clock (LocalDate.now)", s -> LocalDate.now(clock));
        findsNothing(
                s -> Clock.fixed(Instant.parse(s), ZoneOffset.UTC).instant(),
                s -> LocalDate.now(Clock.fixed(Instant.parse(s), ZoneOffset.UTC)));
    }

    @Test
    void randomness() {
        var list = List.of("a", "b");
        finds(
                "draws random numbers (",
                s -> Math.random(),
                s -> new Random().nextInt(),
                s -> new SplittableRandom(),
                s -> ThreadLocalRandom.current().nextInt(),
                s -> new SecureRandom(),
                s -> RandomGenerator.getDefault(),
                s -> RandomGenerator.of("L64X128MixRandom"),
                s -> {
                    Collections.shuffle(list);
                    return s;
                });
    }

    @Test
    void a_random_generator_with_a_seed_is_fine_but_not_one_that_was_brought_along() {
        var seeded = new Random(7);
        var list = List.of("a", "b");
        RandomGenerator fromIo = seeded;
        findsNothing(
                s -> new Random(s.hashCode()).nextInt(),
                s -> new SplittableRandom(7).nextInt(),
                s -> fromIo.nextInt(),
                s -> Random.from(fromIo).nextInt(),
                s -> {
                    Collections.shuffle(list, new Random(7));
                    return s;
                });
        finds("draws random numbers (Random.nextInt)", s -> seeded.nextInt());
    }

    @Test
    void uuids() {
        finds("makes a random UUID (UUID.randomUUID)", s -> UUID.randomUUID());
        findsNothing(s -> UUID.fromString(s), s -> UUID.nameUUIDFromBytes(new byte[0]));
    }

    /** References, because no test may wait. */
    @Test
    void waiting() {
        Object lock = new Object();
        finds(
                "waits (",
                s -> (Wait) Thread::sleep,
                s -> (Wait) TimeUnit.SECONDS::sleep,
                s -> (Consumer<Object>) LockSupport::park,
                s -> {
                    synchronized (lock) {
                        lock.wait();
                    }
                    return s;
                });
    }

    private interface Wait {
        void of(long time) throws InterruptedException;
    }

    @Test
    void threads() {
        ExecutorService pool = ForkJoinPool.commonPool();
        ScheduledExecutorService timer = null;
        var thread = Thread.ofVirtual().unstarted(() -> {});
        finds(
                "uses other threads (",
                s -> new Thread(),
                s -> Thread.ofVirtual(),
                s -> Thread.startVirtualThread(() -> {}),
                s -> {
                    thread.start();
                    return s;
                },
                s -> Executors.newVirtualThreadPerTaskExecutor(),
                s -> ForkJoinPool.commonPool(),
                s -> pool.submit(() -> s),
                s -> timer.schedule(() -> s, 1, TimeUnit.SECONDS),
                s -> CompletableFuture.supplyAsync(() -> s),
                s -> CompletableFuture.completedFuture(s).thenApplyAsync(x -> x),
                s -> List.of(s).parallelStream(),
                s -> Stream.of(s).parallel(),
                s -> IntStream.range(0, 1).parallel());
        findsNothing(
                s -> Thread.currentThread().getName(),
                s -> CompletableFuture.completedFuture(s).thenApply(x -> x),
                s -> Stream.of(s).toList());
    }

    @Test
    void files() {
        finds(
                "uses files (",
                s -> Files.readString(Path.of(s)),
                s -> Files.exists(Path.of(s)),
                s -> new FileInputStream(s),
                s -> new FileWriter(s),
                s -> new PrintWriter(s),
                s -> new Scanner(Path.of(s)),
                s -> FileChannel.open(Path.of(s)),
                s -> new File(s).exists(),
                s -> new File(s).listFiles(),
                s -> Path.of(s).toRealPath());
        findsNothing(
                s -> Path.of(s).resolve("a").getFileName(),
                s -> new File(s).getName(),
                s -> new Scanner(s).next(),
                s -> new PrintWriter(new StringWriter()));
    }

    @Test
    void the_network() {
        var http = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create("http://localhost")).build();
        finds(
                "uses the network (",
                s -> new Socket(s, 80),
                s -> http.send(request, HttpResponse.BodyHandlers.ofString()),
                s -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString()),
                s -> URI.create(s).toURL().openStream(),
                s -> URI.create(s).toURL().openConnection(),
                s -> InetAddress.getByName(s),
                s -> new InetSocketAddress(s, 80));
        findsNothing(s -> URI.create(s).getHost(), s -> InetSocketAddress.createUnresolved(s, 80));
    }

    @Test
    void databases() {
        DataSource source = null;
        PreparedStatement statement = null;
        finds(
                "uses a database (",
                s -> DriverManager.getConnection(s),
                s -> source.getConnection(),
                s -> statement.executeQuery(),
                s -> statement.executeUpdate());
    }

    @Test
    void the_machine() {
        finds(
                "asks the machine that it runs on (",
                s -> System.getProperty("a"),
                s -> System.getenv("A"),
                s -> Integer.getInteger("a"),
                s -> Long.getLong("a"),
                s -> Boolean.getBoolean("a"),
                s -> Locale.getDefault(),
                s -> ZoneId.systemDefault(),
                s -> TimeZone.getDefault(),
                s -> Runtime.getRuntime().availableProcessors(),
                s -> System.identityHashCode(s));
        finds(
                "uses other processes (",
                s -> new ProcessBuilder(s),
                s -> Runtime.getRuntime().exec(new String[] {s}),
                s -> ProcessHandle.current());
        finds("reads what is typed in (System.in)", s -> System.in.read());
        findsNothing(s -> s.hashCode(), s -> Integer.parseInt(s), s -> {
            System.out.println(s);
            return s;
        });
    }

    @Test
    void a_static_field_that_is_written() {
        finds("writes a static field (BoundaryBansTest.counter)", s -> ++counter);
        findsNothing(s -> counter);
    }
}
