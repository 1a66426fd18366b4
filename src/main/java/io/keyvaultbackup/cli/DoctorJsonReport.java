package io.keyvaultbackup.cli;

import io.keyvaultbackup.examination.Finding;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of type {@code check} for each finding, and a {@code summary}. */
final class DoctorJsonReport implements DoctorReport {

    private final JsonLines lines;
    private final Map<Finding.Level, Integer> counts = new EnumMap<>(Finding.Level.class);

    DoctorJsonReport(JsonLines lines) {
        this.lines = lines;
    }

    @Override
    public void found(String subject, Finding finding) {
        counts.merge(finding.level(), 1, Integer::sum);
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("subject", subject);
        line.put("check", finding.check());
        line.put("level", word(finding.level()));
        line.put("message", finding.message());
        line.put("remedy", finding.remedy());
        line.put("reason", finding.reason() == null ? null : finding.reason().name());
        lines.print("check", line);
    }

    @Override
    public void ended(ExitCode code) {
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        for (Finding.Level level : Finding.Level.values()) {
            summary.put(word(level), counts.getOrDefault(level, 0));
        }
        summary.put("exit_code", code.number());
        lines.print("summary", summary);
    }

    private static String word(Finding.Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
