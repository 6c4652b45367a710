/** What JSON has to look like, and what is wrong where it does not. */
@NullMarked
package dev.pawl.schema;

import org.jspecify.annotations.NullMarked;
