package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * What the rules of a model need to know of a run: everything that changes while it goes on, and none of its payloads.
 *
 * @param definition the stored number of its program and version
 * @param reason why it is blocked, else null
 * @param state what the model keeps between tasks, opaque to the kernel
 * @param seq the number of its newest event
 * @param startedAt when its first task was claimed, in epoch milliseconds; null before
 * @param deadlineAt when it fails if it has not ended by then, in epoch milliseconds; null for never
 * @param family its parent, its children and its mail
 * @param undo the task that undoes what was done when it is cancelled or fails, once there is something to undo; empty
 *     once it is being undone; null before
 */
public record Run(
        RunId id,
        int definition,
        RunStatus status,
        @Nullable Reason reason,
        Placement placement,
        Json state,
        int seq,
        @Nullable Long startedAt,
        @Nullable Long deadlineAt,
        Family family,
        @Nullable String undo) {

    /** A run without parent, children or mail. */
    public Run(
            RunId id,
            int definition,
            RunStatus status,
            @Nullable Reason reason,
            Placement placement,
            Json state,
            int seq,
            @Nullable Long startedAt,
            @Nullable Long deadlineAt) {
        this(id, definition, status, reason, placement, state, seq, startedAt, deadlineAt, Family.NONE, null);
    }

    /**
     * What a run has to do with other runs and with people.
     *
     * @param parent the run that started it and wants to hear of its end, or null
     * @param number which child of its parent it is, from 1 on; 0 without a parent
     * @param children how many runs it started
     * @param mail how many messages it was ever sent: a wait that knows of fewer does not begin
     */
    public record Family(@Nullable RunId parent, int number, int children, int mail) {

        /** Nobody. */
        public static final Family NONE = new Family(null, 0, 0, 0);

        /** The child of a run. */
        public static Family childOf(RunId parent, int number) {
            return new Family(parent, number, 0, 0);
        }

        /** With one child more. */
        public Family withChild() {
            return new Family(parent, number, children + 1, mail);
        }

        /** With one message more. */
        public Family withMail() {
            return withMail(mail + 1);
        }

        /** With so many messages. */
        public Family withMail(int sent) {
            return new Family(parent, number, children, sent);
        }
    }
}
