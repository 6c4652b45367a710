package dev.pawl.bench;

/** A job: one task whatever its steps are, and a journal. */
final class JobRows extends Rows {

    private static final String TASK = "job";

    private final String program;

    /** @param steps how many steps it has */
    JobRows(int steps) {
        this.program = PawlRuns.job(steps).name();
    }

    @Override
    boolean endsTask(Change change) {
        return change.last();
    }

    @Override
    boolean createsTask(Change change) {
        return change.first();
    }

    @Override
    boolean recorded(Change change) {
        return !change.first();
    }

    @Override
    String program() {
        return program;
    }

    @Override
    String ended(Change change) {
        return TASK;
    }

    @Override
    String created(Change change) {
        return TASK;
    }

    @Override
    String state(Change change) {
        return "{}";
    }

    @Override
    int seq(Change change) {
        return change.first() ? 1 : 4;
    }

    @Override
    String events(Change change) {
        return change.first()
                ? "run.queued - {\"actor\":\"\"}\nrun.started - {}\ntask.started job[0] {\"attempt\":1,\"worker\":"
                        + WORKER + '}'
                : "task.succeeded job[0] {\"attempt\":1}\nrun.succeeded - {}";
    }
}
