package io.keyvaultbackup.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What became of many schedules, for people and as JSON. */
record ScheduleReport(List<ScheduleGroup.Result> results, Duration duration) {

    /** Each with its seed, what went wrong with it, and how to run it again, with the others of its group, among which it was launched. */
    List<String> failures() {
        return results.stream()
                .filter(result -> !result.problems().isEmpty())
                .map(result -> "seed " + result.seed() + " (" + result.surroundings()
                        + "; again: ./mvnw test -Dtest=FaultScheduleTest -Dreliability.seed="
                        + result.surroundings().group() * Surroundings.SCHEDULES + " -Dreliability.schedules="
                        + Surroundings.SCHEDULES + ")\n    "
                        + String.join("\n    ", result.misfortunes()) + "\n  ! "
                        + String.join("\n  ! ", result.problems()))
                .toList();
    }

    String text() {
        return """
                Fault schedules: %d, seeds %d to %d, in %d s
                  by store and database:  %s
                  after an earlier night: %d
                  launches:               %d, at most %d for one vault
                  objects:                %d
                  backup calls:           %d, of which %d failed and %d were made again (%d may have been)
                  faults met:             %s
                  schedules that failed:  %s""".formatted(
                results.size(),
                results.getFirst().seed(),
                results.getLast().seed(),
                duration.toSeconds(),
                results.stream()
                        .collect(Collectors.groupingBy(
                                result -> result.surroundings().store() + " with "
                                        + result.surroundings().database(),
                                java.util.TreeMap::new,
                                Collectors.counting())),
                results.stream()
                        .filter(result -> result.surroundings().earlierNight())
                        .count(),
                sum(ScheduleGroup.Result::launches),
                results.stream().mapToInt(ScheduleGroup.Result::launches).max().orElse(0),
                sum(ScheduleGroup.Result::objects),
                sum(ScheduleGroup.Result::backupCalls),
                sum(ScheduleGroup.Result::callsThatFailed),
                sum(ScheduleGroup.Result::callsMadeAgain),
                sum(ScheduleGroup.Result::callsThatMayBeMadeAgain),
                ScheduleGroup.met(results),
                results.stream()
                        .filter(result -> !result.problems().isEmpty())
                        .map(ScheduleGroup.Result::seed)
                        .toList());
    }

    private long sum(ToLongFunction<ScheduleGroup.Result> figure) {
        return results.stream().mapToLong(figure).sum();
    }

    /** {@code schedules.json} and {@code schedules.txt}. */
    void write(Path directory) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("schedules", results.size());
        all.put("seconds", duration.toSeconds());
        all.put("launches", sum(ScheduleGroup.Result::launches));
        all.put("backupCalls", sum(ScheduleGroup.Result::backupCalls));
        all.put("callsThatFailed", sum(ScheduleGroup.Result::callsThatFailed));
        all.put("callsMadeAgain", sum(ScheduleGroup.Result::callsMadeAgain));
        all.put("faultsMet", ScheduleGroup.met(results));
        all.put("results", results);
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("schedules.json"),
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(all));
        Files.writeString(directory.resolve("schedules.txt"), text() + System.lineSeparator());
    }
}
