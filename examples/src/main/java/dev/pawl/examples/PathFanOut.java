package dev.pawl.examples;

import dev.pawl.flow.Flow;
import java.util.List;

/** Path fan-out: a map over a list that sits somewhere inside a value. */
public final class PathFanOut {

    /** A photo. */
    public record Photo(String name, int width, int height) {}

    /** Photos with a title. */
    public record Album(String title, List<Photo> photos) {}

    /** An album in a letter. */
    public record Letter(String to, Album album) {}

    /** The flow. */
    public static final Flow<Letter, List<String>> FLOW = Flow.define(
            "path-fan-out",
            Letter.class,
            (f, letter) -> f.map("shrink", String.class, letter.each("/album/photos", Photo.class), PathFanOut::shrink)
                    .maxParallel(4));

    private PathFanOut() {}

    private static String shrink(Photo photo) {
        return "%s %dx%d".formatted(photo.name(), photo.width() / 10, photo.height() / 10);
    }
}
