package dev.pawl.core;

/**
 * One version of a program as the database knows it.
 *
 * @param id its stored number
 * @param shape what its code looked like when the version was first seen
 */
public record Definition(int id, String program, String version, Json shape) {}
