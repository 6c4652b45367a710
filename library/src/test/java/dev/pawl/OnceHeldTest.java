package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.RunStatus;
import dev.pawl.job.Job;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a change of a job that a person holds before it begins. */
class OnceHeldTest {

    private final Gate gate = new Gate();
    private final CountDownLatch began = new CountDownLatch(1);
    private final List<Integer> paid = Collections.synchronizedList(new ArrayList<>());

    private final Job<Integer, Integer> job = Job.define("pay", Integer.class, Integer.class, (io, amount) -> {
        began.countDown();
        gate.pass();
        return io.once("pay", Integer.class, key -> {
            paid.add(amount);
            return amount;
        });
    });

    @ParameterizedTest
    @EnumSource
    void who_holds_a_job_before_its_change_is_not_asked_about_it(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(job);
            var run = pawl.submit(job, 5);
            began.await();
            pawl.pause(run.id(), "ann", "");
            gate.open();
            await().atMost(Fleet.PATIENCE)
                    .until(() -> Fleet.story(pawl, run.id()).contains("task.returned job[0]"));
            assertThat(paid).isEmpty();

            pawl.resume(run.id(), "ann", "");
            await().atMost(Fleet.PATIENCE).until(() -> {
                var status = pawl.find(run.id()).orElseThrow().status();
                return status.terminal() || status == RunStatus.BLOCKED;
            });
            assertThat(pawl.find(run.id()).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(paid).containsExactly(5);
        }
    }
}
