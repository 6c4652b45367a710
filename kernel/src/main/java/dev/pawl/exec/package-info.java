/**
 * What happens to a task: claimed, run on a virtual thread, kept alive, ended, its consequences committed with many
 * others in one transaction. Read Lanes, Writer, Transaction and Ledger, then Worker, TaskRunner and LeaseKeeper, in
 * this order.
 */
@NullMarked
package dev.pawl.exec;

import org.jspecify.annotations.NullMarked;
