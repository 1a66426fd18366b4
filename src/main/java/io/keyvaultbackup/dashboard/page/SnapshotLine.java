package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.SnapshotFacts;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.ledger.VaultChecks;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot, as pages show it.
 *
 * @param age since the moment of which it is, or for which it was scheduled
 * @param statusKey complete, incomplete, or failed where its manifest can not be read; empty if nobody knows
 * @param kinds how many objects of each kind
 * @param bytes of its copies; null if nobody knows
 * @param checked what the newest examination of it found; null if none is known
 * @param drilled what its newest drill came to; null if none is known
 * @param keptUntil until when nobody can remove it; null if that was not promised
 * @param doubts what is wrong with its labels or its manifest
 */
public record SnapshotLine(
        String id,
        String link,
        Moment at,
        String age,
        String statusKey,
        String statusWords,
        String kinds,
        String outcomes,
        @Nullable String bytes,
        boolean pinned,
        List<String> tags,
        @Nullable Check checked,
        @Nullable Check drilled,
        @Nullable Moment keptUntil,
        List<String> doubts) {

    /** What proving it came to, and when. */
    public record Check(Moment at, boolean good, String words) {}

    static SnapshotLine of(VaultAddress vault, SnapshotFacts snapshot, Instant now) {
        Instant asOf = snapshot.consistentAsOf() == null
                ? snapshot.id().scheduledFor().orElse(Instant.EPOCH)
                : snapshot.consistentAsOf();
        Boolean complete = snapshot.complete();
        RunSummary run = snapshot.run();
        ManifestHead head = snapshot.head();
        return new SnapshotLine(
                snapshot.id().value(),
                Links.snapshot(vault, snapshot.id()),
                Moment.of(snapshot.id().scheduledFor().orElse(asOf)),
                Words.of(Duration.between(asOf, now.isBefore(asOf) ? asOf : now)),
                snapshot.unreadable() != null ? "failed" : complete == null ? "" : complete ? "complete" : "incomplete",
                snapshot.unreadable() != null
                        ? "unreadable"
                        : complete == null ? "not known" : complete ? "complete" : "incomplete",
                kinds(head, run),
                Words.of(snapshot.outcomes()),
                run == null ? null : Words.bytes(run.bytes()),
                snapshot.labels().labels().pinned(),
                List.copyOf(snapshot.labels().labels().tags()),
                checked(snapshot.verified()),
                drilled(snapshot.drilled()),
                Moment.orNull(head == null ? null : head.immutableUntil()),
                snapshot.unreadable() == null ? snapshot.labels().doubts() : List.of(snapshot.unreadable()));
    }

    private static String kinds(@Nullable ManifestHead head, @Nullable RunSummary run) {
        Map<ObjectKind, Long> kinds = new TreeMap<>();
        if (run != null) {
            run.objects()
                    .forEach((kind, outcomes) -> kinds.put(
                            kind,
                            outcomes.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()));
        } else if (head != null) {
            kinds.putAll(
                    head.listings().stream().collect(Collectors.toMap(Listing::kind, Listing::objects, Long::sum)));
        }
        return Arrays.stream(ObjectKind.values())
                .filter(kind -> kinds.getOrDefault(kind, 0L) > 0)
                .map(kind -> Words.count(kinds.getOrDefault(kind, 0L), kind.word(), kind.collection()))
                .collect(Collectors.joining(", "));
    }

    private static @Nullable Check checked(VaultChecks.@Nullable Verification verification) {
        VaultChecks.Result told = verification == null ? null : verification.told();
        if (told == null) {
            return null;
        }
        boolean good = told.damage() == 0 && told.unknown() == 0;
        String read = told.copies() == null
                ? ""
                : told.copiesRead() == null || told.copiesRead() == 0
                        ? ", no copy was read"
                        : ", " + Words.of(told.copiesRead()) + " of " + Words.count(told.copies(), "copy", "copies")
                                + " read";
        String found = told.damage() == 0 ? "no damage found" : Words.of(told.damage()) + " damaged or missing";
        String unknown = told.unknown() == 0 ? "" : ", " + Words.of(told.unknown()) + " not given by the store";
        return new Check(Moment.of(told.at()), good, found + unknown + read);
    }

    private static @Nullable Check drilled(VaultChecks.@Nullable Drill drill) {
        return drill == null || drill.endedAt() == null || drill.status() == null
                ? null
                : new Check(
                        Moment.of(drill.endedAt()),
                        drill.status().equals("COMPLETE"),
                        drill.status().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
}
