package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.json.Codec;
import dev.pawl.json.Delta;
import dev.pawl.json.Hash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is stored of a graph's run, reckoned once more: the states from what the tasks kept, and the chain of hashes from
 * the states and the journals. Shares nothing with the code that wrote it but canonical JSON, SHA-256 and JSON Patch.
 *
 * @param number of the step
 * @param told the details of its event
 * @param kept what its task keeps: the state, or what it changed
 * @param effects what its node asked of the outside, and what came back
 */
record Evidence(int number, String node, JsonNode told, JsonNode kept, JsonNode state, ArrayNode effects) {

    private static final JsonNodeFactory NEW = JsonNodeFactory.instance;
    private static final int ALL = 1_000_000;

    /** Reads a run that began at the beginning, and checks every hash of it, from end to end. */
    static List<Evidence> of(Stage stage, RunId run) {
        var details = stage.store.run(run).orElseThrow();
        var state = tree(stage.load(details.input()));
        String chain = Hash.of(object("program", text(details.program()))
                .put("version", details.version())
                .put("state", Hash.of(state)));
        var all = new ArrayList<Evidence>();
        for (Event event : stage.store.events(run, 0, ALL)) {
            if (!event.kind().equals("graph.step")) continue;
            var step = read(stage, run, all.size() + 1, event, state);
            step.verify(chain, Hash.of(state));
            state = step.state;
            chain = step.told("chain");
            all.add(step);
        }
        assertThat(Travels.flaws(stage, run)).isEmpty();
        return all;
    }

    private static Evidence read(Stage stage, RunId run, int number, Event event, JsonNode before) {
        String node = event.task().substring(0, event.task().indexOf('['));
        assertThat(event.task()).isEqualTo(node + "[" + number + "]");
        var told = tree(event.data());
        var kept = tree(
                stage.load(stage.store.tasks(run, node, number, 1).getFirst().output()));
        var state = told.get("full").booleanValue() ? kept : Delta.apply(before, kept);
        var effects = NEW.arrayNode();
        for (Effect effect : stage.effects(run, node, number)) {
            if (effect.ordinal() >= 0) effects.add(effect(effect));
        }
        return new Evidence(number, node, told, kept, state, effects);
    }

    private static ObjectNode effect(Effect effect) {
        var json = object("at", NEW.numberNode(effect.ordinal()))
                .put("kind", effect.kind())
                .put("name", effect.name())
                .put("status", effect.status().name());
        var request = effect.request() == null ? null : tree(effect.request()).get("request");
        if (request != null) json.set("request", request);
        var value = effect.value();
        if (value != null && value.isArtifact()) {
            String reference = value.reference();
            json.set("value", object("sha256", text(reference.substring(reference.lastIndexOf('/') + 1))));
        } else if (value != null) {
            json.set("value", tree(new Json(value.stored())));
        }
        if (effect.problem() != null)
            json.put("problem", Problem.parse(effect.problem()).summary());
        return json;
    }

    private void verify(String chain, String input) {
        assertThat(told("input")).as("input of step %d", number).isEqualTo(input);
        assertThat(told("state")).as("state after step %d", number).isEqualTo(Hash.of(state));
        assertThat(told("effects"))
                .as("effects of step %d: %s", number, effects)
                .isEqualTo(Hash.of(effects));
        var link = object("after", text(chain))
                .put("step", number)
                .put("node", node)
                .put("input", input)
                .put("effects", Hash.of(effects))
                .put("state", Hash.of(state))
                .put("edge", told("edge"));
        link.set("next", told.get("next"));
        assertThat(told("chain")).as("chain at step %d", number).isEqualTo(Hash.of(link));
    }

    /** One detail of the event. */
    String told(String name) {
        return told.get(name).stringValue();
    }

    /** The event of each step, hashes and all. */
    static List<String> hashes(List<Evidence> steps) {
        return steps.stream().map(step -> step.node + " " + step.told).toList();
    }

    /**
     * The steps in full, with placeholders for what is different in every run: its id, and what the clock, chance and new
     * UUIDs gave it.
     */
    static List<String> comparable(RunId run, List<Evidence> steps) {
        var names = new LinkedHashMap<String, String>();
        names.put(run.toString(), "RUN");
        for (Evidence step : steps) {
            for (JsonNode effect : step.effects) {
                String kind = effect.get("kind").stringValue();
                if (!List.of("now", "random", "uuid").contains(kind)) continue;
                String value = effect.get("value").stringValue();
                names.put(value, kind + " " + step.number);
                if (kind.equals("random")) names.put(first(value), "drawn " + step.number);
            }
        }
        return steps.stream()
                .map(step -> step.node + " " + step.told("edge") + " " + step.told.get("next") + " "
                        + renamed(step.state + " " + step.effects, names))
                .toList();
    }

    /** The first number that a source of randomness with this seed gives. */
    private static String first(String seed) {
        return String.valueOf(new SplittableRandom(Long.parseLong(seed)).nextLong());
    }

    private static String renamed(String text, Map<String, String> names) {
        String renamed = text;
        for (var name : names.entrySet()) renamed = renamed.replace(name.getKey(), '<' + name.getValue() + '>');
        return renamed;
    }

    private static JsonNode tree(Json json) {
        return Codec.STANDARD.tree(json);
    }

    private static JsonNode text(String text) {
        return NEW.stringNode(text);
    }

    private static ObjectNode object(String name, JsonNode value) {
        var object = NEW.objectNode();
        object.set(name, value);
        return object;
    }
}
