package io.keyvaultbackup.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A part of the benchmark while it is measured. Each figure is printed as it comes; {@link #close()} writes all of them, also those of a part that failed later on. */
final class Part implements AutoCloseable {

    private final String name;
    private final String title;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** @param name of its files: {@code budget-use} */
    Part(String name, String title) {
        this.name = name;
        this.title = title;
    }

    /** How often whatever is short enough is measured: 3 times, or {@code -Dbench.repetitions}. */
    static int repetitions() {
        return Integer.getInteger("bench.repetitions", 3);
    }

    Figure figure(String of, String what, String unit, List<Double> values) {
        Figure figure = new Figure(of, what, unit, values);
        figures.add(figure);
        System.out.printf(
                "%s: %s, %s: %s %s (%s to %s, n = %d)%n",
                name,
                of,
                what,
                Report.number(figure.median()),
                unit,
                Report.number(figure.least()),
                Report.number(figure.most()),
                values.size());
        return figure;
    }

    Figure figure(String of, String what, String unit, double... values) {
        return figure(of, what, unit, Arrays.stream(values).boxed().toList());
    }

    void goal(Goal goal) {
        goals.add(goal);
        System.out.printf("%s: %s%n", name, Report.words(goal));
    }

    /** What somebody who reads the figures has to know. */
    void note(String sentence) {
        notes.add(sentence);
        System.out.printf("%s: %s%n", name, sentence);
    }

    @Override
    public void close() {
        try {
            Path place = Files.createDirectories(Report.PLACE);
            Report.write(place.resolve(name + ".json"), new Written(name, title, figures, goals, notes));
            Report.make(place);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    /** As it is kept. */
    record Written(String name, String title, List<Figure> figures, List<Goal> goals, List<String> notes) {}
}
