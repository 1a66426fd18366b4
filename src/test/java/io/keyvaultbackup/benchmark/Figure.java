package io.keyvaultbackup.benchmark;

import java.util.List;

/**
 * What was measured, once or several times.
 *
 * @param of what it is of, as people read it in a table: {@code 5,000 objects at 400/s}
 * @param name what was measured: {@code share of the budget}
 * @param unit such as {@code s}, {@code MiB}, {@code objects/s}; empty for a count
 * @param values in the order in which they were taken; one or more
 */
record Figure(String of, String name, String unit, List<Double> values) {

    Figure {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured: " + of + ", " + name);
        }
    }

    /** The middle one; of an even number the mean of both. */
    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    double least() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double most() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
