package dev.pawl.bench;

/** A contender whose steps say when their user code begins and ends. */
interface Paced extends Contender {

    /** Where the steps say so from now on, until others are given. */
    void watch(Gaps gaps);
}
