/** What tests of Pawl, and of applications built on it, need. */
@org.jspecify.annotations.NullMarked
package dev.pawl.testkit;
