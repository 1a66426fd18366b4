package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values in words. Stateless. */
final class Words {

    private static final long KILO = 1_000;

    private Words() {}

    /** The two largest units that matter: {@code 3 d 4 h}, {@code 26 h}, {@code 5 h 12 min}, {@code 12 min}, {@code 40 s}. */
    static String of(Duration time) {
        if (time.toDays() > 1) {
            return pair(time.toDays(), "d", time.toHoursPart(), "h");
        }
        if (time.toHours() > 0) {
            return pair(time.toHours(), "h", time.toMinutesPart(), "min");
        }
        return time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    static String of(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Of so many a second: as exact as somebody wants to know. */
    static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond > 0 && perSecond < 10 ? "%.1f" : "%.0f", perSecond);
    }

    /** Which objects a run, a snapshot or a restore is about. */
    static String of(Selection selection) {
        String kinds =
                selection.kinds().stream().sorted().map(ObjectKind::collection).collect(Collectors.joining(", "));
        return kinds
                + (selection.include().isEmpty() ? "" : "; only " + String.join(", ", selection.include()))
                + (selection.exclude().isEmpty() ? "" : "; without " + String.join(", ", selection.exclude()));
    }

    static String count(long number, String one, String many) {
        return of(number) + " " + (number == 1 ? one : many);
    }

    static String of(RunStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** What is done first, failures last; what none has is not named. */
    static String of(Map<Outcome, Long> outcomes) {
        return Stream.of(Outcome.values())
                .sorted(Comparator.comparing((Outcome outcome) -> outcome == Outcome.FAILED)
                        .thenComparing(outcome -> outcome == Outcome.PENDING))
                .filter(outcome -> outcomes.getOrDefault(outcome, 0L) > 0)
                .map(outcome -> of(outcomes.getOrDefault(outcome, 0L)) + " " + outcome.words())
                .collect(Collectors.joining(", "));
    }

    static String bytes(long bytes) {
        if (bytes < KILO) {
            return bytes + " B";
        }
        double size = bytes;
        String units = "kMGT";
        int unit = -1;
        while (size >= KILO && unit < units.length() - 1) {
            size /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, size < 10 ? "%.1f %sB" : "%.0f %sB", size, units.charAt(unit));
    }

    static String of(SeenProtection.Level level) {
        return switch (level) {
            case PUBLIC -> "public";
            case NONE -> "none";
            case UNKNOWN -> "not known";
            case VERSIONED -> "versions";
            case IMMUTABLE -> "immutable";
        };
    }
}
