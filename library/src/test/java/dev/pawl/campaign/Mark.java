package dev.pawl.campaign;

import java.util.Arrays;
import java.util.List;

/**
 * What an attempt leaves in its output, so that whoever reads the output later can tell which attempt it is from. Written
 * {@code first[0]#2}; what it read comes before it, with commas in between.
 *
 * @param attempt the fence
 */
record Mark(String effect, int attempt) {

    private static final String NOTHING = "";

    static List<Mark> parse(String output) {
        if (output.equals(NOTHING)) return List.of();
        return Arrays.stream(output.split(",")).map(Mark::of).toList();
    }

    private static Mark of(String text) {
        int hash = text.lastIndexOf('#');
        return new Mark(text.substring(0, hash), Integer.parseInt(text.substring(hash + 1)));
    }

    @Override
    public String toString() {
        return effect + "#" + attempt;
    }
}
