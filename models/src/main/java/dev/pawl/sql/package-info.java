/** SQL over JDBC as a kind of call to the outside: recorded without secrets, bounded in rows and time. */
@NullMarked
package dev.pawl.sql;

import org.jspecify.annotations.NullMarked;
