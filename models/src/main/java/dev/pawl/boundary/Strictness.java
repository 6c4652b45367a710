package dev.pawl.boundary;

/** What happens when a program's code does by itself what only {@code io} may do. */
public enum Strictness {
    /** The program is refused. */
    STRICT,
    /** Each finding is logged as a warning. */
    WARN,
    /** Nobody looks. */
    OFF
}
