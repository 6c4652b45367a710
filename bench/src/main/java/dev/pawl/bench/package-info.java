/** Side-by-side measurements of Pawl and its peers, each on its own database of one PostgreSQL server. */
@NullMarked
package dev.pawl.bench;

import org.jspecify.annotations.NullMarked;
