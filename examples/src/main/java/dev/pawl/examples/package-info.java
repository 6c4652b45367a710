/** One readable file per idea. All of them are run by tests, and {@code pawl programs} lists them. */
@NullMarked
package dev.pawl.examples;

import org.jspecify.annotations.NullMarked;
