/**
 * What happens to a task: claimed, run on a virtual thread, kept alive, ended, its consequences committed with many
 * others in one transaction. Read {@link dev.pawl.exec.Worker}, {@link dev.pawl.exec.TaskRunner}, {@link
 * dev.pawl.exec.Writer} and {@link dev.pawl.exec.Ledger}, in this order.
 */
@NullMarked
package dev.pawl.exec;

import org.jspecify.annotations.NullMarked;
