/** What the kernel asks of others: a model's rules, a store, a place for large payloads, a clock. */
@NullMarked
package dev.pawl.spi;

import org.jspecify.annotations.NullMarked;
