package dev.pawl.sql;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.io.Connector;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a database over JDBC: {@code static final Sql SHOP = Sql.on(dataSource);}. Each call is one statement in one
 * transaction of its own.
 *
 * <p><b>What a failure is.</b> By type and SQLState: lost and refused connections, deadlocks, serialization failures and
 * what is busy or full are {@link Failure.Transient}; what takes too long is {@link Failure.Timeout}; 28xxx is {@link
 * Failure.Auth}, 42501 {@link Failure.Permission}; what is wrong with the statement, its arguments or the data is {@link
 * Failure.Logic}, as are more rows than allowed. The transaction is rolled back then. Anything else stays an {@link
 * SQLException}, and is unclassified.
 *
 * <p>Immutable and thread-safe.
 */
public final class Sql implements Connector<SqlCall, SqlAnswer> {

    private static final TypeRef<SqlAnswer> ANSWER = TypeRef.of(SqlAnswer.class);
    private static final TypeRef<Map<String, Object>> REQUEST = new TypeRef<>() {};

    /** For a statement that was told to stop, before its thread is interrupted, which may cost the connection. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Connections source;
    private final int mostRows;
    private final Duration timeout;

    private Sql(Connections source, int mostRows, Duration timeout) {
        this.source = source;
        this.mostRows = mostRows;
        this.timeout = timeout;
    }

    /** On connections of a pool, with at most 1,000 rows and 30 s for a call in all. */
    public static Sql on(DataSource source) {
        return on(source::getConnection);
    }

    /**
     * On a new connection for each call, for simple uses.
     *
     * @param url as {@link java.sql.DriverManager} takes it, with user and password in it
     * @throws IllegalArgumentException if no driver for it is on the class path
     */
    public static Sql on(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException none) {
            // The rest of the URL may hold a password.
            String kind = url.replaceAll("(?<=^jdbc:[^:]{0,40}:).*", "…");
            throw new IllegalArgumentException("No JDBC driver on the class path takes " + kind + ".", none);
        }
        return on(() -> DriverManager.getConnection(url));
    }

    private static Sql on(Connections source) {
        return new Sql(source, 1_000, Duration.ofSeconds(30));
    }

    /** Where connections come from; each is closed after its call. */
    @FunctionalInterface
    interface Connections {
        Connection open() throws SQLException;
    }

    /** The same with up to this many rows; more are a failure, never cut off in silence. */
    public Sql mostRows(int count) {
        if (count < 1) throw new IllegalArgumentException("At most " + count + " rows: it must be at least 1.");
        return new Sql(source, count, timeout);
    }

    /** The same with this time for a call in all, waiting for a connection included. */
    public Sql timeout(Duration most) {
        if (!most.isPositive()) throw new IllegalArgumentException("The timeout " + most + " must be positive.");
        return new Sql(source, mostRows, most);
    }

    @Override
    public String kind() {
        return "sql";
    }

    @Override
    public Json request(SqlCall call) {
        var arguments = new ArrayList<@Nullable Object>();
        for (Object argument : call.arguments()) arguments.add(recorded(argument));
        var request = new LinkedHashMap<String, Object>();
        request.put("sql", call.sql());
        request.put("args", arguments);
        return Codec.STANDARD.write(request, REQUEST, "The request");
    }

    private static @Nullable Object recorded(@Nullable Object argument) {
        return switch (argument) {
            case null -> null;
            case SqlCall.Key key -> Map.of("key", true);
            case Number number -> number;
            case Boolean bool -> bool;
            case Enum<?> constant -> constant.name();
            case Json json -> Codec.STANDARD.tree(json);
            default -> argument.toString();
        };
    }

    @Override
    public TypeRef<SqlAnswer> response() {
        return ANSWER;
    }

    @Override
    public SqlAnswer call(SqlCall call, Context context) throws Exception {
        var execution = new Execution(source, mostRows, call, context.key());
        // On a thread of its own: drivers heed neither time nor interrupts in the same way, and some not at all.
        var work = new FutureTask<>(execution::run);
        var unused = Thread.ofVirtual().name("pawl-sql").start(work);
        Duration own = call.timeout();
        Duration most = own == null ? timeout : own;
        try {
            return result(work, most);
        } catch (TimeoutException late) {
            stop(execution, work);
            // It may have come to its end just now, and then it is known how.
            if (work.state() == Future.State.SUCCESS) return work.resultNow();
            throw new Failure.Timeout(call + " took longer than " + most + ".");
        } catch (InterruptedException interrupted) {
            stop(execution, work);
            throw interrupted;
        }
    }

    private static void stop(Execution execution, FutureTask<SqlAnswer> work) {
        // Drivers may open a connection of its own for this, so it must not hold us up.
        var unused = Thread.ofVirtual().name("pawl-sql-cancel").start(execution::cancel);
        try {
            var unusedAnswer = work.get(GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException deaf) {
            work.cancel(true);
        } catch (ExecutionException stopped) {
            // as it should
        } catch (InterruptedException again) {
            work.cancel(true);
            Thread.currentThread().interrupt();
        }
    }

    private static SqlAnswer result(FutureTask<SqlAnswer> work, Duration within) throws Exception {
        try {
            return work.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception exception ? exception : failed;
        }
    }
}
