package dev.pawl.sql;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One statement with its arguments as a value: {@code SqlCall.query("select name from person where id = ?", 7)}.
 *
 * <p>Arguments are strings, numbers, booleans, null, enums (by name), {@link UUID}s, {@link Json}, and times: {@link
 * Instant}, {@link LocalDate}, {@link LocalTime}, {@link LocalDateTime}, {@link OffsetDateTime}, {@link ZonedDateTime}. Each may
 * be a {@link #secret}. The text of the statement is written down as it is, so put no value into it.
 *
 * <p>Immutable; each method gives a new value. Arguments that cannot be sent are refused at once with {@link
 * Failure.Logic}, as trying again cannot help.
 */
public final class SqlCall {

    private static final int SHOWN = 200;

    private final boolean update;
    private final String sql;
    private final List<@Nullable Object> arguments;
    private final @Nullable Duration timeout;

    private SqlCall(boolean update, String sql, List<@Nullable Object> arguments, @Nullable Duration timeout) {
        this.update = update;
        this.sql = sql;
        this.arguments = arguments;
        this.timeout = timeout;
    }

    /** An argument that is sent and never written down. */
    public static final class Secret {
        private final @Nullable Object value;

        private Secret(@Nullable Object value) {
            this.value = value;
        }

        @Nullable
        Object value() {
            return value;
        }

        /** All are the same to somebody who looks. */
        @Override
        public String toString() {
            return "***";
        }
    }

    /** Stands for the call's idempotency key. */
    enum Key {
        KEY
    }

    /** Asks, and changes nothing: what the statement changes all the same is rolled back. */
    public static SqlCall query(String sql, @Nullable Object... arguments) {
        return new SqlCall(false, sql, checked(sql, arguments), null);
    }

    /** Changes, in one transaction; what it returns ({@code returning id}) are rows of the answer. */
    public static SqlCall update(String sql, @Nullable Object... arguments) {
        return new SqlCall(true, sql, checked(sql, arguments), null);
    }

    /** An argument that is sent and never written down. */
    public static Secret secret(@Nullable Object value) {
        requireKnown(value, "a secret");
        return new Secret(value);
    }

    /**
     * An argument that is the idempotency key of the call, the same for every try, to make a change that can be made only
     * once: {@code insert into payment (id, amount) values (?, ?) on conflict do nothing}.
     */
    public static Object key() {
        return Key.KEY;
    }

    /** The same with this time in all, in place of the connector's. */
    public SqlCall timeout(Duration most) {
        if (!most.isPositive()) throw new Failure.Logic("The timeout " + most + " of " + this + " must be positive.");
        return new SqlCall(update, sql, arguments, most);
    }

    private static List<@Nullable Object> checked(String sql, @Nullable Object[] arguments) {
        var list = new ArrayList<@Nullable Object>();
        for (Object argument : arguments) {
            requireKnown(argument instanceof Secret secret ? secret.value : argument, "an argument of " + shown(sql));
            list.add(argument);
        }
        return Collections.unmodifiableList(list);
    }

    private static void requireKnown(@Nullable Object value, String what) {
        switch (value) {
            case null -> {}
            case Double number when !Double.isFinite(number) -> throw notANumber(what);
            case Float number when !Float.isFinite(number) -> throw notANumber(what);
            case String s -> {}
            case Byte n -> {}
            case Short n -> {}
            case Integer n -> {}
            case Long n -> {}
            case Float n -> {}
            case Double n -> {}
            case BigInteger n -> {}
            case BigDecimal n -> {}
            case Boolean b -> {}
            case Enum<?> e -> {}
            case UUID u -> {}
            case Json j -> {}
            case Instant t -> {}
            case LocalDate t -> {}
            case LocalTime t -> {}
            case LocalDateTime t -> {}
            case OffsetDateTime t -> {}
            case ZonedDateTime t -> {}
            default ->
                throw new Failure.Logic("A " + value.getClass().getName() + " cannot be " + what
                        + ". Pass a string, a number, a boolean, null, an enum, a UUID, Json or a java.time value.");
        }
    }

    private static Failure.Logic notANumber(String what) {
        return new Failure.Logic("NaN and infinity cannot be " + what + ": they have no form in JSON.");
    }

    boolean isUpdate() {
        return update;
    }

    String sql() {
        return sql;
    }

    List<@Nullable Object> arguments() {
        return arguments;
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SqlCall call
                && update == call.update
                && sql.equals(call.sql)
                && arguments.equals(call.arguments)
                && Objects.equals(timeout, call.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(update, sql, arguments, timeout);
    }

    /** The statement, without its arguments, shortened. */
    @Override
    public String toString() {
        return shown(sql);
    }

    private static String shown(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return "SQL \"" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "\"";
    }
}
