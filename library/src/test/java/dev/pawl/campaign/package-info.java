/**
 * The crash campaign: worker processes are killed, stopped and cut off at random while a mixed load runs, and the verdict
 * comes from outside the engine. A ledger process writes down what the outside world saw, the load generator journals what
 * was promised to it, and a checker reads only those two and the public API.
 */
@org.jspecify.annotations.NullMarked
package dev.pawl.campaign;
