package dev.pawl.flow;

import java.util.List;

/**
 * What a tolerant map hands on.
 *
 * @param values the outputs of the elements that succeeded, in the order of the list
 * @param errors the elements that failed, in the order of the list
 * @param <T> what the map makes of one element
 */
public record Partial<T>(List<T> values, List<ItemError> errors) {}
