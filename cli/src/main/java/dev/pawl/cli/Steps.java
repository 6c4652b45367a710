package dev.pawl.cli;

import dev.pawl.spi.Moment;
import dev.pawl.spi.Timeline;

/** The steps of a run as people name them: by number. */
final class Steps {

    private Steps() {}

    /** @throws Complaint if there is none of this number */
    static Moment at(Timeline timeline, int number) {
        if (number >= timeline.first() && number <= timeline.last()) return timeline.at(number);
        throw Complaint.notFound("There is no step %d: the record goes from %d to %d."
                .formatted(number, timeline.first(), timeline.last()));
    }

    /** @throws Complaint if it is no number */
    static int number(String typed) {
        try {
            return Integer.parseInt(typed);
        } catch (NumberFormatException wrong) {
            throw Complaint.usage("'" + typed + "' is no number of a step; 0 is the beginning.");
        }
    }
}
