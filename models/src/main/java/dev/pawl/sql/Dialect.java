package dev.pawl.sql;

import dev.pawl.core.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What differs between databases in how values go in and out. */
enum Dialect {
    /** Knows no types for times and ids; what one would declare them as says nothing about what is stored. */
    SQLITE,
    /** As JDBC 4.2 has it, with PostgreSQL's own types beside. */
    STANDARD;

    static Dialect of(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equalsIgnoreCase("SQLite") ? SQLITE : STANDARD;
    }

    /**
     * How many arguments a statement takes. SQLite's driver takes missing ones for null. Others refuse them, and may have to
     * ask the server, so they are not asked.
     */
    int parameters(PreparedStatement statement, int given) throws SQLException {
        return this == SQLITE ? statement.getParameterMetaData().getParameterCount() : given;
    }

    void bind(PreparedStatement statement, int at, @Nullable Object argument) throws SQLException {
        switch (argument) {
            case null -> statement.setObject(at, null);
            case String text -> statement.setString(at, text);
            case Enum<?> constant -> statement.setString(at, constant.name());
            case Json json when this == STANDARD -> statement.setObject(at, json.text(), Types.OTHER);
            case Boolean bool -> statement.setBoolean(at, bool);
            case BigDecimal decimal when this == SQLITE -> statement.setDouble(at, decimal.doubleValue());
            case BigInteger integer
            when this == SQLITE && integer.bitLength() < Long.SIZE -> statement.setLong(at, integer.longValue());
            case BigInteger integer when this == STANDARD -> statement.setObject(at, new BigDecimal(integer));
            case Number number -> statement.setObject(at, number);
            case UUID id when this == STANDARD -> statement.setObject(at, id);
            case Object other when this == SQLITE -> statement.setString(at, other.toString());
            case Instant time -> statement.setObject(at, time.atOffset(ZoneOffset.UTC));
            case ZonedDateTime time -> statement.setObject(at, time.toOffsetDateTime());
            case Object time -> statement.setObject(at, time);
        }
    }
}
