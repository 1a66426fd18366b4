package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the operator knows of the newest snapshot from elsewhere: its id, or how old it may be. Whoever can delete can not hide that. */
record ExpectedLatest(@Nullable String id, @Nullable Duration age) {

    private static final Pattern AGE = Pattern.compile("(\\d{1,6})([mhd])");
    private static final Pattern ID = Pattern.compile("\\d{8}T[0-9A-Za-z-]*(\\.\\d{1,9})?");

    static ExpectedLatest read(String text, List<String> problems) {
        Matcher matcher = AGE.matcher(text.strip());
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return new ExpectedLatest(
                    null,
                    switch (matcher.group(2)) {
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
        if (!ID.matcher(text.strip()).matches()) {
            problems.add("--expect-latest: '" + text
                    + "' is neither an age, such as 26h, nor an ID, such as 20261124T030000Z-4f2a9c");
        }
        return new ExpectedLatest(text.strip(), null);
    }

    /** What is to be said of a vault's newest snapshot, if it is not as expected. */
    List<IntegrityFinding> findings(
            String vault, List<StoredSnapshot> snapshots, Catalogue catalogue, InstantSource clock) {
        Optional<StoredSnapshot> newest = snapshots.stream()
                .filter(snapshot -> snapshot.vault().equals(vault))
                .findFirst();
        if (newest.isEmpty()) {
            return List.of(finding(vault, "it has no snapshot"));
        }
        StoredSnapshot snapshot = newest.get();
        if (id != null) {
            return (snapshot.id() + "." + snapshot.manifest().execution()).startsWith(id)
                    ? List.of()
                    : List.of(finding(
                            snapshot.manifest().name(),
                            "the newest snapshot is " + snapshot.id() + ", execution "
                                    + snapshot.manifest().execution() + ", not " + id));
        }
        try {
            Instant sealedAt = catalogue.head(snapshot.manifest()).sealedAt();
            Duration old = Duration.between(sealedAt, clock.instant());
            return age == null || old.compareTo(age) <= 0
                    ? List.of()
                    : List.of(finding(
                            snapshot.manifest().name(),
                            "the newest snapshot, " + snapshot.id() + ", was sealed " + old.toHours() + " hours ago"));
        } catch (UnreadableManifestException damaged) {
            return List.of(finding(snapshot.manifest().name(), damaged.failure().message()));
        }
    }

    private static IntegrityFinding finding(String subject, String message) {
        return new IntegrityFinding(IntegrityProblem.NOT_LATEST, subject, message);
    }
}
