package dev.pawl.flow;

/**
 * Which element of its list a map's function was given.
 *
 * @param index 0-based
 * @param total the number of elements in the list
 */
public record Item(int index, int total) {}
