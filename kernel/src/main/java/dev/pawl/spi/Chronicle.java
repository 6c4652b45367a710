package dev.pawl.spi;

/**
 * What a model can say of a recorded run without its code, found with {@link java.util.ServiceLoader} by the word in
 * front of the program's name. Stateless and thread-safe.
 */
public interface Chronicle {

    /** Of models that have none of their own. */
    String ANY = "";

    /** The model: {@code graph}; {@link #ANY} for every model that has no other. */
    String model();

    /** The run as a row of moments. */
    Timeline tell(History run);

    /** Checks the record against itself. Never throws for what is wrong with it: that is among the flaws. */
    Verification verify(History run);
}
