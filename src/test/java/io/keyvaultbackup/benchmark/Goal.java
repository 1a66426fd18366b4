package io.keyvaultbackup.benchmark;

/**
 * What a figure is to reach.
 *
 * @param words what is to be reached
 * @param value what was measured
 * @param atLeast whether the bound is the least, or the most
 */
record Goal(String words, double value, boolean atLeast, double bound, String unit) {

    static Goal atLeast(String words, double value, double bound, String unit) {
        return new Goal(words, value, true, bound, unit);
    }

    static Goal atMost(String words, double value, double bound, String unit) {
        return new Goal(words, value, false, bound, unit);
    }

    boolean isReached() {
        return atLeast ? value >= bound : value <= bound;
    }
}
