package dev.pawl.json;

import tools.jackson.databind.JsonNode;

/**
 * How many elements two lists have in common at their beginning, and how many more at their end.
 *
 * @param prefix how many at the beginning
 * @param suffix how many at the end, none of them counted in the prefix of either
 */
record CommonEnds(int prefix, int suffix) {

    static CommonEnds of(JsonNode before, JsonNode after) {
        int shorter = Math.min(before.size(), after.size());
        int prefix = 0;
        while (prefix < shorter && before.get(prefix).equals(after.get(prefix))) prefix++;
        int suffix = 0;
        while (suffix < shorter - prefix
                && before.get(before.size() - 1 - suffix).equals(after.get(after.size() - 1 - suffix))) {
            suffix++;
        }
        return new CommonEnds(prefix, suffix);
    }
}
