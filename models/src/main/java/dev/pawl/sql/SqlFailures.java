package dev.pawl.sql;

import dev.pawl.core.Failure;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** What an exception of a database means for what happens next: by its type, its SQLState, or SQLite's own code. */
final class SqlFailures {

    private static final int SHORTEST_SOUGHT = 4;

    private SqlFailures() {}

    /** @return a {@link Failure}, or where nothing is known an SQLException, both without secrets */
    static Exception of(SqlCall call, SQLException failed, @Nullable Dialect dialect) {
        String state = failed.getSQLState() == null ? "" : failed.getSQLState();
        String said = scrubbed(call, String.valueOf(failed.getMessage()));
        boolean secretive = call.arguments().stream().anyMatch(SqlCall.Secret.class::isInstance);
        // What the driver threw may quote arguments, and goes into records with its whole chain of causes.
        SQLException cause = secretive ? null : failed;
        String message = call + " failed: " + said + (state.isEmpty() ? "" : " (SQLState " + state + ")");
        return switch (kind(failed, state, dialect)) {
            case TRANSIENT -> new Failure.Transient(message, cause);
            case TIMEOUT -> new Failure.Timeout(message);
            case AUTH -> new Failure.Auth(message);
            case PERMISSION -> new Failure.Permission(message);
            case LOGIC -> new Failure.Logic(message, cause);
            case UNKNOWN -> new SQLException(message, state, failed.getErrorCode(), cause);
        };
    }

    private enum Kind {
        TRANSIENT,
        TIMEOUT,
        AUTH,
        PERMISSION,
        LOGIC,
        UNKNOWN
    }

    private static Kind kind(SQLException failed, String state, @Nullable Dialect dialect) {
        if (dialect == Dialect.SQLITE && state.isEmpty()) return sqlite(failed.getErrorCode());
        Kind byState = byState(state);
        if (byState != Kind.UNKNOWN) return byState;
        return switch (failed) {
            case SQLTimeoutException e -> Kind.TIMEOUT;
            case SQLTransientException e -> Kind.TRANSIENT;
            case SQLRecoverableException e -> Kind.TRANSIENT;
            case SQLNonTransientConnectionException e -> Kind.TRANSIENT;
            case SQLInvalidAuthorizationSpecException e -> Kind.AUTH;
            case SQLSyntaxErrorException e -> Kind.LOGIC;
            case SQLDataException e -> Kind.LOGIC;
            case SQLIntegrityConstraintViolationException e -> Kind.LOGIC;
            case SQLFeatureNotSupportedException e -> Kind.LOGIC;
            // No connection was there to say what database this is.
            default -> dialect == null ? Kind.TRANSIENT : Kind.UNKNOWN;
        };
    }

    /** Classes of SQL:2016, and of them and beside them those of PostgreSQL. */
    private static Kind byState(String state) {
        return switch (state) {
            case "42501" -> Kind.PERMISSION;
            case "57014" -> Kind.TIMEOUT; // canceled, by the server's own limit
            case "55P03", "55006" -> Kind.TRANSIENT; // somebody else has it
            default ->
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "08", "40", "53", "57", "58" -> Kind.TRANSIENT;
                    case "28" -> Kind.AUTH;
                    case "0A", "21", "22", "23", "25", "3D", "3F", "42", "44" -> Kind.LOGIC;
                    default -> Kind.UNKNOWN;
                };
        };
    }

    /** The primary result codes of SQLite. */
    private static Kind sqlite(int code) {
        return switch (code & 0xff) {
            // BUSY, LOCKED, NOMEM, IOERR, FULL, CANTOPEN, PROTOCOL, SCHEMA
            case 5, 6, 7, 10, 13, 14, 15, 17 -> Kind.TRANSIENT;
            case 9 -> Kind.TIMEOUT; // INTERRUPT
            case 3, 23 -> Kind.PERMISSION; // PERM, AUTH
            // ERROR, READONLY, TOOBIG, CONSTRAINT, MISMATCH, RANGE
            case 1, 8, 18, 19, 20, 25 -> Kind.LOGIC;
            default -> Kind.UNKNOWN;
        };
    }

    private static String scrubbed(SqlCall call, String message) {
        String scrubbed = message;
        for (Object argument : call.arguments()) {
            if (!(argument instanceof SqlCall.Secret secret)) continue;
            String value = String.valueOf(secret.value());
            if (value.length() >= SHORTEST_SOUGHT) scrubbed = scrubbed.replace(value, secret.toString());
        }
        return scrubbed;
    }
}
