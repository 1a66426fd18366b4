package io.keyvaultbackup.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Makes {@code results.json}, {@code results.md} and a chart for each part of the parts that are there. Stateless. */
final class Report {

    static final Path PLACE = Path.of(System.getProperty("bench.place", "target/benchmark"));

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Report() {}

    /** The whole of it. */
    record All(Machine machine, List<Part.Written> parts) {}

    static void write(Path file, Object value) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(value) + "\n");
    }

    static void make(Path place) throws IOException {
        List<Part.Written> parts = new ArrayList<>();
        try (Stream<Path> files = Files.list(place)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .filter(path -> !path.endsWith("results.json"))
                    .sorted()
                    .toList()) {
                parts.add(JSON.readValue(Files.readString(file), Part.Written.class));
            }
        }
        Machine machine = Machine.here();
        write(place.resolve("results.json"), new All(machine, parts));
        StringBuilder page =
                new StringBuilder("# Benchmark\n\n").append(machine.words()).append("\n");
        for (Part.Written part : parts) {
            Files.writeString(place.resolve(part.name() + ".svg"), Chart.of(part));
            page.append(section(part));
        }
        Files.writeString(place.resolve("results.md"), page);
    }

    /** A row for each thing that was measured, a column for each figure of it. */
    private static String section(Part.Written part) {
        StringBuilder text = new StringBuilder("\n## " + part.title() + "\n\n");
        List<String> names =
                part.figures().stream().map(Report::column).distinct().toList();
        text.append("| | ")
                .append(String.join(" | ", names))
                .append(" |\n|---|")
                .append("---|".repeat(names.size()))
                .append('\n');
        Map<String, Map<String, Figure>> rows = new LinkedHashMap<>();
        part.figures()
                .forEach(figure -> rows.computeIfAbsent(figure.of(), of -> new LinkedHashMap<>())
                        .put(column(figure), figure));
        rows.forEach((of, figures) -> text.append("| ")
                .append(of)
                .append(" | ")
                .append(names.stream()
                        .map(name -> figures.containsKey(name) ? cell(figures.get(name)) : "")
                        .collect(Collectors.joining(" | ")))
                .append(" |\n"));
        text.append("\n![")
                .append(part.title())
                .append("](")
                .append(part.name())
                .append(".svg)\n");
        if (!part.goals().isEmpty()) {
            text.append('\n');
            part.goals().forEach(goal -> text.append("- ").append(words(goal)).append('\n'));
        }
        part.notes().forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    static String column(Figure figure) {
        return figure.name() + (figure.unit().isEmpty() ? "" : ", " + figure.unit());
    }

    /** The median, and how far the others are from it. */
    private static String cell(Figure figure) {
        return number(figure.median())
                + (figure.values().size() == 1
                        ? ""
                        : " (" + number(figure.least()) + "–" + number(figure.most()) + ")");
    }

    static String words(Goal goal) {
        return (goal.isReached() ? "reached: " : "**missed**: ") + goal.words() + ": " + number(goal.value()) + " "
                + goal.unit() + ", goal " + (goal.atLeast() ? "at least " : "at most ") + number(goal.bound()) + " "
                + goal.unit();
    }

    /** As exact as it was measured: three figures. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT,
                value == Math.rint(value) || size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
                value);
    }
}
