/** What code asks of the outside, recorded, for every model; and the port for kinds of calls. */
@org.jspecify.annotations.NullMarked
package dev.pawl.io;
