/** HTTP as a kind of call to the outside: recorded without secrets, guarded against forged targets, bounded in size and time. */
@NullMarked
package dev.pawl.http;

import org.jspecify.annotations.NullMarked;
