package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.VaultPlace;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** As tables for people. */
final class CatalogueTextReport implements CatalogueReport {

    private static final int GAP = 2;
    private static final int MOVING_NAMED = 5;

    private final Terminal terminal;
    private final PrintStream out;
    private final Map<Difference.Change, Long> changes = new EnumMap<>(Difference.Change.class);
    private boolean compares;
    private boolean ofOneSnapshot;
    private long objects;

    CatalogueTextReport(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    @Override
    public void snapshots(List<LabelledSnapshot> snapshots, Function<StoredManifest, ManifestHead> heads, String none) {
        if (snapshots.isEmpty()) {
            out.println(none);
        } else {
            new SnapshotTable(terminal, snapshots).print(heads);
        }
    }

    @Override
    public void head(StoredSnapshot snapshot, ManifestHead head) {
        ofOneSnapshot = true;
        out.printf(
                "Snapshot  %s, execution %d%nVault     %s%s%nSealed    %s%nSelection %s%nStatus    %s%n          %s%nAs of     %s%n%n",
                snapshot.id(),
                head.execution(),
                head.request().vault(),
                place(head.place()),
                head.sealedAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                Printable.line(head.request().selection().canonical()),
                head.complete() ? terminal.good("COMPLETE") : terminal.bad("INCOMPLETE"),
                outcomes(head.counts()),
                asOf(head));
        out.printf("%-40s  %-20s  %8s  %9s  %s%n", "OBJECT", "UPDATED", "VERSIONS", "BYTES", "OUTCOME");
    }

    private static String place(VaultPlace place) {
        String known = Stream.of(place.subscription(), place.geography())
                .filter(Objects::nonNull)
                .map(text -> Printable.line(String.valueOf(text)))
                .collect(Collectors.joining(", "));
        return known.isEmpty() ? "" : " (" + known + ")";
    }

    private static String asOf(ManifestHead head) {
        if (head.consistentAsOf() != null) {
            return head.consistentAsOf() + ": every copy is as its object was then";
        }
        return head.movingCount() == 0
                ? "no moment that is known"
                : String.format(
                        Locale.ROOT,
                        "no one moment: %,d still moving (%s%s)",
                        head.movingCount(),
                        head.moving().stream()
                                .limit(MOVING_NAMED)
                                .map(Moving::toString)
                                .collect(Collectors.joining(", ")),
                        head.movingCount() > MOVING_NAMED ? ", ..." : "");
    }

    @Override
    public void object(StoredSnapshot snapshot, LedgerObject object) {
        if (objects++ == 0 && !ofOneSnapshot) {
            out.printf(
                    "%-23s  %-40s  %-20s  %8s  %9s  %s%n",
                    "SNAPSHOT", "OBJECT", "UPDATED", "VERSIONS", "BYTES", "OUTCOME");
        }
        Outcome outcome = object.result().outcome();
        String told = outcome.words()
                + (object.result().failure() == null
                        ? ""
                        : ": " + object.result().failure().reason().words())
                + (outcome == Outcome.UNCHANGED ? copyOf(object) : "")
                + (object.object().token().enabled() ? "" : " (disabled)");
        // Without formats, which would take most of the time that 100,000 objects need.
        StringBuilder line = new StringBuilder(120);
        if (!ofOneSnapshot) {
            left(line, snapshot.id().value(), 23);
        }
        left(line, Printable.line(object.object().id().toString()), 40);
        left(line, orDash(object.object().token().updated()), 20);
        right(
                line,
                orDash(
                        object.result().versions() == null
                                ? null
                                : object.result().versions().size()),
                8);
        right(
                line,
                orDash(
                        object.result().blob() == null
                                ? null
                                : object.result().blob().size()),
                9);
        out.println(line.append(outcome.isDone() ? told : terminal.bad(told)));
    }

    private static String copyOf(LedgerObject object) {
        return Optional.ofNullable(object.result().blob())
                .flatMap(blob -> SnapshotNames.snapshotOfCopy(blob.name()))
                .map(snapshot -> ", copy of " + Printable.line(snapshot.value()))
                .orElse("");
    }

    private static void left(StringBuilder line, String text, int width) {
        line.append(text).repeat(' ', Math.max(0, width - text.length()) + GAP);
    }

    private static void right(StringBuilder line, String text, int width) {
        line.repeat(' ', Math.max(0, width - text.length())).append(text).repeat(' ', GAP);
    }

    private static String outcomes(Map<Outcome, Long> counts) {
        return counts.isEmpty()
                ? "no objects"
                : counts.entrySet().stream()
                        .map(outcome -> String.format(
                                Locale.ROOT,
                                "%,d %s",
                                outcome.getValue(),
                                outcome.getKey().words()))
                        .collect(Collectors.joining(", "));
    }

    private static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    @Override
    public void comparing(StoredSnapshot before, StoredSnapshot after) {
        compares = true;
        out.printf("From %s of %s%nto   %s of %s%n%n", before.id(), before.vault(), after.id(), after.vault());
    }

    @Override
    public void difference(Difference difference) {
        changes.merge(difference.change(), 1L, Long::sum);
        String subject = Printable.line(difference.id().toString());
        switch (difference.change()) {
            case ADDED -> out.println(terminal.good("+ " + subject));
            case REMOVED -> out.println(terminal.bad("- " + subject));
            case CHANGED -> {
                out.println("M " + subject);
                for (Difference.Field field : difference.fields()) {
                    out.printf(
                            "    %s: %s -> %s%n",
                            Printable.line(field.name()),
                            Printable.line(orDash(field.before())),
                            Printable.line(orDash(field.after())));
                }
            }
        }
    }

    @Override
    public void end() {
        if (compares) {
            out.printf(
                    Locale.ROOT,
                    "%s%,d added, %,d removed, %,d changed%n",
                    changes.isEmpty() ? "" : System.lineSeparator(),
                    changes.getOrDefault(Difference.Change.ADDED, 0L),
                    changes.getOrDefault(Difference.Change.REMOVED, 0L),
                    changes.getOrDefault(Difference.Change.CHANGED, 0L));
        } else if (objects == 0) {
            out.println("No such object.");
        }
    }
}
