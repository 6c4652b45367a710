package dev.pawl.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Random documents with everything that is awkward in JSON, and random changes to them. The same seed, the same again. */
final class RandomJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] STRINGS = {
        "",
        "a",
        "b",
        "/",
        "~",
        "~1",
        "a/b",
        "m~n",
        "-",
        "0",
        "1",
        " ",
        "\"",
        "\\",
        "\n\r\t\b\f",
        "\u0000\u001f\u007f",
        "ä",
        "\u20ac",
        "\ud83d\ude00",
        "\ufb33",
        "\u2028",
        "name",
        "key"
    };

    private final RandomGenerator random;

    RandomJson(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A document of this many levels at most. */
    JsonNode document(int depth) {
        int kind = random.nextInt(depth > 0 ? 10 : 6);
        return switch (kind) {
            case 0, 1 -> NODES.stringNode(string());
            case 2, 3 -> number();
            case 4 -> NODES.booleanNode(random.nextBoolean());
            case 5 -> NODES.nullNode();
            case 6, 7 -> {
                var list = NODES.arrayNode();
                for (int i = random.nextInt(5); i > 0; i--) list.add(document(depth - 1));
                yield list;
            }
            default -> {
                var object = NODES.objectNode();
                for (int i = random.nextInt(6); i > 0; i--) object.set(string(), document(depth - 1));
                yield object;
            }
        };
    }

    /** The same document with a few things in it changed, or none. */
    JsonNode changed(JsonNode document) {
        if (random.nextInt(8) == 0) return document(2);
        if (document.isArray()) {
            var elements = new ArrayList<JsonNode>();
            document.forEach(element -> {
                if (random.nextInt(8) == 0) elements.add(document(1));
                if (random.nextInt(8) > 0) elements.add(random.nextInt(3) == 0 ? changed(element) : element);
            });
            if (random.nextInt(4) == 0) elements.add(document(2));
            return NODES.arrayNode().addAll(elements);
        }
        if (document.isObject()) {
            var object = NODES.objectNode();
            document.properties().forEach(member -> {
                if (random.nextInt(8) == 0) return;
                object.set(member.getKey(), random.nextInt(3) == 0 ? changed(member.getValue()) : member.getValue());
            });
            if (random.nextInt(4) == 0) object.set(string(), document(2));
            return object;
        }
        return document.deepCopy();
    }

    /** The same document with the members of its objects in another order. */
    JsonNode shuffled(JsonNode document) {
        if (document.isArray()) {
            var list = NODES.arrayNode();
            document.forEach(element -> list.add(shuffled(element)));
            return list;
        }
        if (!document.isObject()) return document;
        var members = new ArrayList<>(document.properties());
        Collections.shuffle(members, java.util.Random.from(random));
        var object = NODES.objectNode();
        members.forEach(member -> object.set(member.getKey(), shuffled(member.getValue())));
        return object;
    }

    double finite() {
        double any = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(any) ? any : 0.0;
    }

    private JsonNode number() {
        return switch (random.nextInt(6)) {
            case 0 -> NODES.numberNode(random.nextInt(-2, 3));
            case 1 -> NODES.numberNode(random.nextLong(-(1L << 53), 1L << 53));
            case 2 -> NODES.numberNode(finite());
            case 3 -> NODES.numberNode(random.nextInt(-1000, 1000) / 8.0);
            case 4 -> NODES.numberNode(random.nextLong() * 1e3);
            default -> NODES.numberNode(Math.scalb(random.nextDouble(), random.nextInt(-90, 90)));
        };
    }

    private String string() {
        if (random.nextInt(3) > 0) return STRINGS[random.nextInt(STRINGS.length)];
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int point = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x180);
            text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
        }
        return text.toString();
    }
}
