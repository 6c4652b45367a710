package dev.pawl.boundary;

import java.io.Serializable;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Code that others call, two calls deep. */
final class Stamps {

    /** The line below that reads the clock for the others. */
    static final int CLOCK_AT = 20;

    private Stamps() {}

    static String stamped(String text) {
        return text + now();
    }

    private static Instant now() {
        return Instant.now();
    }

    /** Calls itself, and another that calls it. */
    static String round(int n) {
        return n == 0 ? now().toString() : around(n);
    }

    static String around(int n) {
        return round(n - 1) + round(n - 2);
    }

    /** With a method for those who know its class, and one for those who know its interface. */
    static final class Stamper implements Callable<String>, Serializable {

        private final Instant made = Instant.now();

        @Override
        public String call() {
            return made.toString();
        }
    }

    sealed interface Shape {
        String name();
    }

    record Circle() implements Shape {
        @Override
        public String name() {
            return "circle";
        }
    }

    record Blob() implements Shape {
        @Override
        public String name() {
            return "blob" + now();
        }
    }

    abstract static class Dated {
        Instant date() {
            return Instant.now();
        }
    }

    static final class Letter extends Dated {}

    interface Greeting {
        default String greet() {
            return "Hello, it is " + Instant.now();
        }
    }

    static final class Hello implements Greeting {}
}
