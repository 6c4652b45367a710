package dev.pawl.schedule;

import java.time.Instant;

/**
 * When a schedule has to be looked at again. Whatever it says, one of its runs that ends and a request of a person (a
 * trigger, an edit, to resume) are a reason to look at once.
 */
public sealed interface Wake {

    /** At this time: the next fire is due then. */
    record At(Instant time) implements Wake {}

    /** When one of its runs has ended or somebody asks for something; nothing happens by the clock. */
    record WhenAsked() implements Wake {}

    /** Never: there are no more planned times, and nothing is queued. */
    record Never() implements Wake {}
}
