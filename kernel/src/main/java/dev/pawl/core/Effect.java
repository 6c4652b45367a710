package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * One recorded call to the outside, made inside a task; or rather one of its revisions: a journal is only ever added to,
 * and the newest revision at a position is what counts.
 *
 * @param ordinal its position in the journal of its task, 0, 1, 2 … in the order in which the code asks; {@link
 *     #CHECKPOINT} and {@link #PROGRESS} are places of which only the newest content is kept
 * @param revision 0 for the first that was recorded at this position, then 1, 2 …
 * @param attempt the attempt of the task that recorded it; 0 if a person or a copy did
 * @param at epoch milliseconds on the database's clock
 * @param kind what was asked for, a word of the model: {@code call}, {@code sleep}
 * @param name what the code calls it
 * @param request the details of what was asked for, or null
 * @param value what came back, or null
 * @param problem why it did not happen (yet), as a {@link Problem} in JSON, or null
 */
public record Effect(
        int ordinal,
        int revision,
        int attempt,
        long at,
        String kind,
        EffectStatus status,
        String name,
        @Nullable Json request,
        @Nullable Payload value,
        @Nullable Json problem) {

    /** The place of a task's checkpoint. */
    public static final int CHECKPOINT = -1;

    /** The place of a task's progress. */
    public static final int PROGRESS = -2;

    /** The place of what made a task fail, for whoever goes on from there. */
    public static final int FAILURE = -3;

    /** The first place that belongs to user code. */
    public static final int FIRST = FAILURE;

    /** Where it is kept what a policy said before a task, and after it. */
    public static final int GATE_BEFORE = -10;

    public static final int GATE_AFTER = -11;

    /** What a task gave back and somebody has to approve. */
    public static final int GATE_RESULT = -12;

    private static final int GATES = -1_000;

    /** In the details of a change outside of which the other system can be asked whether it happened. */
    public static final String PROBE = "probe";

    private static final String ASKABLE = "\"" + PROBE + "\":1";

    /** Whether the other system can be asked what became of this. */
    public boolean mayBeAsked() {
        return request != null && request.text().contains(ASKABLE);
    }

    /** Where it is kept what a policy said about an effect. */
    public static int gate(int ordinal) {
        return GATES - ordinal;
    }
}
