/** Stub. */
@org.jspecify.annotations.NullMarked
package dev.pawl.schema;
