/**
 * The one JDBC store, on SQLite and PostgreSQL. The statements are in {@code .sql} files beside these classes, one file
 * per table; what differs between the databases is in {@link dev.pawl.store.Dialect}. Read {@code JdbcStore} (how a
 * transaction is run), {@code JdbcTx} (what is in one) and {@code Claims} (how work is found), in this order.
 */
@NullMarked
package dev.pawl.store;

import org.jspecify.annotations.NullMarked;
