package dev.pawl.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of the design, written down a second time: O13, R2, R3, R4. */
class StatusTest {

    @Test
    void a_run_may_go_exactly_where_the_table_says() {
        assertThat(table(RunStatus.values(), RunStatus::allows)).isEqualTo("""
                QUEUED: RUNNING CANCELLED
                RUNNING: PAUSED BLOCKED SUCCEEDED FAILED CANCELLED
                PAUSED: RUNNING CANCELLED
                BLOCKED: RUNNING FAILED CANCELLED
                SUCCEEDED:
                FAILED:
                CANCELLED:""");
    }

    @Test
    void a_task_may_go_exactly_where_the_table_says() {
        assertThat(table(TaskStatus.values(), TaskStatus::allows)).isEqualTo("""
                READY: RUNNING FAILED SKIPPED CANCELLED
                RUNNING: READY SUCCEEDED FAILED SKIPPED CANCELLED
                SUCCEEDED:
                FAILED:
                SKIPPED:
                CANCELLED:""");
    }

    @Test
    void terminal_is_what_leads_nowhere() {
        assertThat(Arrays.stream(RunStatus.values()).filter(RunStatus::terminal))
                .containsExactly(RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED);
        assertThat(Arrays.stream(TaskStatus.values()).filter(TaskStatus::terminal))
                .containsExactly(TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.SKIPPED, TaskStatus.CANCELLED);
    }

    private interface Allows<S> {
        boolean test(S from, S to);
    }

    private static <S> String table(S[] all, Allows<S> allows) {
        return Arrays.stream(all)
                .map(from -> from + ":"
                        + Arrays.stream(all)
                                .filter(to -> allows.test(from, to))
                                .map(to -> " " + to)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
    }
}
