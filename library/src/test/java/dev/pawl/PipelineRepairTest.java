package dev.pawl;

import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.PipelineInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The code of a pipeline failed, and a repaired version takes over. Versions fail as long as they are called broken. */
class PipelineRepairTest {

    private final List<String> done = new ArrayList<>();
    private final Set<String> broken = new TreeSet<>();

    private Pipeline version(String version) {
        return Pipeline.define(
                        "shop",
                        p -> p.consumer("c", ORDERS)
                                .prepare(String.class, inbox -> {
                                    var prepared = Plant.first(inbox);
                                    if (prepared.data() != null) done.add(version + " prepare " + prepared.data());
                                    return prepared;
                                })
                                .mutate(String.class, (order, key) -> {
                                    done.add(version + " mutate " + order);
                                    return order + "!";
                                })
                                .next((out, order, outcome) -> {
                                    if (order == null) return;
                                    done.add(version + " next " + outcome.result());
                                    if (broken.contains(version)) throw new Failure.Logic(version + " is broken");
                                }))
                .version(version);
    }

    private String inCharge(Plant plant) {
        return plant.ask(pipelines -> pipelines.get("shop")).version();
    }

    @ParameterizedTest
    @EnumSource
    void k68_a_repair_goes_on_at_once_with_what_the_broken_version_has_changed(Database database) {
        broken.add("1.0");
        var repaired = version("1.1");
        try (var plant = new Plant(database, version("1.0"), repaired)) {
            plant.work(ORDERS, "a", "b");
            assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
            assertThat(plant.told("run.blocked")).singleElement().asString().contains("1.0 is broken");
            PipelineInfo info = plant.ask(pipelines -> pipelines.get("shop"));
            assertThat(info.reason()).isEqualTo(Reason.REPAIR);
            assertThat(info.problem()).asString().contains("1.0 is broken");

            assertThat(plant.<Boolean>ask(pipelines -> pipelines.by("fixer").repair(repaired, "1.0")))
                    .isTrue();
            assertThat(plant.stage.status(plant.run)).isEqualTo(RunStatus.RUNNING);
            assertThat(plant.told("run.migrated"))
                    .singleElement()
                    .asString()
                    .contains("fixer", "repair of version 1.0");
            plant.worker.drain();
            assertThat(done)
                    .containsExactly(
                            "1.0 prepare a",
                            "1.0 mutate a",
                            "1.0 next a!",
                            "1.1 next a!",
                            "1.1 prepare b",
                            "1.1 mutate b",
                            "1.1 next b!");
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED", "ORDERS b CONSUMED");
            assertThat(inCharge(plant)).isEqualTo("1.1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k69_x14_a_late_repair_does_not_replace_what_somebody_deployed_meanwhile(Database database) {
        broken.addAll(List.of("1.0", "1.1"));
        var repaired = version("1.1");
        var planned = version("2.0");
        try (var plant = new Plant(database, version("1.0"), planned, repaired)) {
            plant.work(ORDERS, "a");
            assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
            plant.ask(pipelines -> pipelines.start(planned));
            assertThat(plant.<Boolean>ask(pipelines -> pipelines.repair(repaired, "1.0")))
                    .isFalse();
            assertThat(inCharge(plant)).isEqualTo("2.0");
            assertThat(plant.blocked()).as("the deployment was a repair too").isNull();
            plant.worker.drain();
            assertThat(done).endsWith("2.0 next a!").noneMatch(each -> each.startsWith("1.1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void x14_of_two_who_saw_the_same_version_the_first_takes_over(Database database) {
        broken.add("1.0");
        var planned = version("2.0");
        var repaired = version("1.1");
        try (var plant = new Plant(database, version("1.0"), planned, repaired)) {
            plant.work(ORDERS, "a");
            var seen = plant.worker.details(plant.run);
            plant.ask(pipelines -> pipelines.start(planned));
            boolean took = plant.stage.ask(pawl -> pawl.takeOver(seen, repaired, true, "fixer", ""), planned, repaired);
            assertThat(took).isFalse();
            assertThat(inCharge(plant)).isEqualTo("2.0");
            assertThat(plant.told("run.migrated")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k70_after_two_repairs_only_a_person_gets_it_going(Database database) {
        broken.addAll(List.of("1", "2", "3", "4"));
        var versions = new Pipeline[] {version("1"), version("2"), version("3"), version("4"), version("5")};
        try (var plant = new Plant(database, versions)) {
            plant.work(ORDERS, "a");
            for (int repair = 1; repair <= 2; repair++) {
                assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
                takeOver(plant, versions[repair]);
            }
            assertThat(plant.blocked()).as("the third failure in a row").isEqualTo(Reason.FAILING);
            takeOver(plant, versions[3]);
            assertThat(plant.blocked()).as("no further repair releases it").isEqualTo(Reason.FAILING);
            assertThat(done).noneMatch(each -> each.startsWith("4"));
            plant.resume();
            assertThat(plant.blocked()).as("counted from zero").isEqualTo(Reason.REPAIR);
            assertThat(done).containsOnlyOnce("4 next a!");
            takeOver(plant, versions[4]);
            assertThat(plant.blocked()).isNull();
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
            assertThat(done).containsOnlyOnce("1 mutate a").noneMatch(each -> each.startsWith("5 mutate"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void k70_a_success_in_between_begins_the_count_anew(Database database) {
        broken.addAll(List.of("1", "2"));
        var versions = new Pipeline[] {version("1"), version("2"), version("3"), version("4"), version("5")};
        try (var plant = new Plant(database, versions)) {
            plant.work(ORDERS, "a");
            takeOver(plant, versions[1]);
            takeOver(plant, versions[2]);
            assertThat(plant.blocked()).isNull();
            broken.addAll(List.of("3", "4"));
            plant.work(ORDERS, "b");
            takeOver(plant, versions[3]);
            assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
            takeOver(plant, versions[4]);
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED", "ORDERS b CONSUMED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_person_may_also_resume_what_waits_for_a_repair(Database database) {
        broken.add("1");
        try (var plant = new Plant(database, version("1"))) {
            plant.work(ORDERS, "a");
            broken.clear(); // it was not the code after all
            plant.resume();
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
            assertThat(done).containsExactly("1 prepare a", "1 mutate a", "1 next a!", "1 next a!");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_repair_does_not_release_what_a_person_holds(Database database) {
        var second = version("2");
        try (var plant = new Plant(database, version("1"), second)) {
            plant.work(ORDERS, "first");
            done.clear();
            plant.worker.command(plant.run, Verb.PAUSE);
            plant.work(ORDERS, "a");
            takeOver(plant, second);
            assertThat(plant.stage.status(plant.run)).isEqualTo(RunStatus.PAUSED);
            assertThat(done).isEmpty();
            plant.resume();
            assertThat(done).containsExactly("2 prepare a", "2 mutate a", "2 next a!");
        }
    }

    private static void takeOver(Plant plant, Pipeline version) {
        plant.worker.takeOver(plant.run, version);
        plant.worker.drain();
    }
}
