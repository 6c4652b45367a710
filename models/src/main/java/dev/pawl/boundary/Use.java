package dev.pawl.boundary;

/** What a method does at one place, as far as it may matter. Names of classes are internal ones, with slashes. */
sealed interface Use {

    /** Where a member of a class is named. */
    record Member(String owner, String name, String descriptor) {

        static final String CONSTRUCTOR = "<init>";

        /** What makes it one of its class. */
        String key() {
            return name + descriptor;
        }

        boolean constructs() {
            return name.equals(CONSTRUCTOR);
        }
    }

    /** In the source; 0 if the class does not say. */
    int line();

    /**
     * A call.
     *
     * @param virtual whether a subclass may have another method for it
     */
    record Call(Member callee, boolean virtual, int line) implements Use {}

    /**
     * A lambda or a method reference is made.
     *
     * @param type the functional interface
     * @param body what runs when it is called
     */
    record Lambda(String type, Call body) implements Use {
        @Override
        public int line() {
            return body.line();
        }
    }

    /** A static field is read. */
    record Read(Member field, int line) implements Use {}

    /** A static field is written. */
    record Write(Member field, int line) implements Use {}
}
