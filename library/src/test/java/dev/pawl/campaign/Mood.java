package dev.pawl.campaign;

import java.util.SplittableRandom;

/** How the outside ledger treats a call. */
enum Mood {
    /** Does it and answers. */
    ANSWERS(0),
    /** Does it, and the answer is lost. */
    DOES_AND_IS_SILENT(40),
    /** The call is lost before anybody hears of it. */
    HEARS_NOTHING(30),
    /** Says that it will not now; nothing is done. */
    REFUSES(30),
    /** Says that it will not; nothing is done. */
    FORBIDS(2),
    /** Does it at once, and answers when perhaps nobody listens any more. */
    ANSWERS_LATE(15),
    /** Does it when perhaps nobody listens any more. */
    DOES_IT_LATE(15),
    /** Hears nothing for a while, whoever calls. */
    GOES_DOWN(2);

    private static final int OF = 1_000;

    /** Of so many calls. */
    private final int share;

    Mood(int share) {
        this.share = share;
    }

    static Mood any(SplittableRandom random) {
        int chosen = random.nextInt(OF);
        for (Mood mood : values()) {
            chosen -= mood.share;
            if (chosen < 0) return mood;
        }
        return ANSWERS;
    }
}
