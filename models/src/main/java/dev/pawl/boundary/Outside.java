package dev.pawl.boundary;

/** The ways in which code may come to something else when it runs again, and the way out of each. */
enum Outside {
    CLOCK("reads the clock", "use io.now() instead"),
    RANDOMNESS("draws random numbers", "use io.random() instead"),
    UUID("makes a random UUID", "use io.uuid() instead"),
    WAITING("waits", "use io.sleep(…) instead"),
    THREADS("uses other threads", "use them inside io.call(…), or do without"),
    FILES("uses files", "do it inside io.call(…), or keep it as an artifact"),
    NETWORK("uses the network", "use io.call(name, http, …), or io.once(…) for a change"),
    SQL("uses a database", "use io.call(name, sql, …), or io.once(…) for a change"),
    SURROUNDINGS("asks the machine that it runs on", "take it in with the input, or ask inside io.call(…)"),
    PROCESSES("uses other processes", "do it inside io.call(…)"),
    CONSOLE("reads what is typed in", "take it in with the input, or wait for a signal"),
    STATIC_FIELD("writes a static field", "carry it in the state instead");

    /** In a sentence, after the place. */
    final String does;

    /** What to do about it. */
    final String instead;

    Outside(String does, String instead) {
        this.does = does;
        this.instead = instead;
    }
}
