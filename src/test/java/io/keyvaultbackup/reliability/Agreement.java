package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.reliability.KeptBlobs.Kept;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether manifest, ledger, store and vault tell the same of a run of everything, object by object. It reads tables, files and blobs
 * itself and asks no class of the program; the vault's truth is the emulator's. AgreementTest proves that it can fail.
 */
public final class Agreement {

    private static final Pattern LEASED_UNTIL = Pattern.compile("\"until\":\"([^\"]+)\"");

    /** With a copy of its own, or with the one that an earlier snapshot has. */
    private static final Set<String> COPIED = Set.of("BACKED_UP", "UNCHANGED");

    private static final Set<String> UNDONE = Set.of("PENDING", "FAILED");

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern NUMBER_OF_MANIFEST = Pattern.compile(".*\\.(\\d+)\\.json");

    private final JdbcClient jdbc;
    private final KeptBlobs store;
    private final EmulatedVault vault;
    private final Instant scheduledFor;
    private final String folder;

    /** @param scheduledFor which run of the vault */
    public Agreement(JdbcClient jdbc, KeptBlobs store, EmulatedVault vault, Instant scheduledFor) {
        this.jdbc = jdbc;
        this.store = store;
        this.vault = vault;
        this.scheduledFor = scheduledFor;
        this.folder = vault.uri().getHost() + "_" + vault.uri().getPort();
    }

    /** In the bench's directory store and database. */
    public static Agreement of(Bench bench, EmulatedVault vault, String scheduledFor) {
        return new Agreement(bench.jdbc(), KeptBlobs.inDirectory(bench.store()), vault, Instant.parse(scheduledFor));
    }

    /** Fails with everything that does not fit together in what should be a complete run. */
    public void assertHolds() {
        assertThat(disagreements())
                .as("disagreements about %s at %s", vault.uri(), scheduledFor)
                .isEmpty();
    }

    /** Everything that does not fit together in what should be a complete run; empty if nothing. */
    public List<String> disagreements() {
        List<String> found = new ArrayList<>();
        String snapshot = snapshot(found);
        if (snapshot == null) {
            return found;
        }
        checkLedgersRun(snapshot, found);
        checkSpringBatch(snapshot, found);
        store.leaseHolder(folder)
                .filter(holder -> !hasEnded(holder))
                .ifPresent(holder -> found.add("the lease of " + folder + " is held by " + holder));
        Map<String, Kept> blobs = store.startingWith(folder + "/");
        checkNothingIsHalfWritten(blobs, found);
        JsonNode manifest = manifest(snapshot, found);
        Map<String, ObjectRecord> ledger = ledger(snapshot);
        checkLedgerAgainstVault(ledger, found);
        if (manifest != null) {
            checkManifest(manifest, snapshot, ledger, found);
        }
        checkDone(ledger, snapshot, blobs, found);
        return found;
    }

    /** Of a run that may be anything but complete: what the ledger reports as done, and is not. */
    public List<String> reportedDoneThatIsNot() {
        List<String> found = new ArrayList<>();
        List<@Nullable String> snapshots = snapshots();
        String snapshot = snapshots.isEmpty() ? null : snapshots.getFirst();
        if (snapshot != null) {
            Map<String, Kept> blobs = store.startingWith(folder + "/");
            checkNothingIsHalfWritten(blobs, found);
            checkDone(ledger(snapshot), snapshot, blobs, found);
        }
        return found;
    }

    /**
     * Of a run that may be anything but complete: what its newest manifest, if there is one, reports as done, and is not. The ledger of
     * an execution that sealed tells the same as its manifest; the one of an execution that did not may be further.
     */
    public List<String> manifestThatIsNotSo() {
        List<String> found = new ArrayList<>();
        List<@Nullable String> snapshots = snapshots();
        String snapshot = snapshots.isEmpty() ? null : snapshots.getFirst();
        Map.Entry<String, Kept> newest = snapshot == null ? null : newestManifest(snapshot);
        JsonNode manifest = newest == null ? null : parsed(newest, found);
        if (snapshot == null || newest == null || manifest == null) {
            return found;
        }
        Map<String, ObjectRecord> objects = objects(manifest, found);
        expect(
                "the newest manifest is for complete, as it says:",
                String.valueOf(manifest.path("complete").asBoolean()),
                newest.getValue().metadata().get("complete"),
                found);
        boolean undone = objects.values().stream().anyMatch(one -> UNDONE.contains(one.outcome()));
        expect(
                "the newest manifest says that it is complete, and has what is not done:",
                false,
                undone && manifest.path("complete").asBoolean(),
                found);
        checkDone(objects, snapshot, store.startingWith(folder + "/"), found);
        if (newest.getKey().equals(lastManifestOfLedger(snapshot))) {
            Map<String, ObjectRecord> ledger = ledger(snapshot);
            compare(ledger, objects, found);
            expect(
                    "the newest manifest says that it is complete, and the ledger has what is not done:",
                    false,
                    ledger.values().stream().anyMatch(one -> UNDONE.contains(one.outcome()))
                            && manifest.path("complete").asBoolean(),
                    found);
        }
        return found;
    }

    // The run

    /** Who died after the run was complete, and before giving the lease back, is named there; it locks nobody out. */
    private static boolean hasEnded(String holder) {
        Matcher until = LEASED_UNTIL.matcher(holder);
        return until.find() && Instant.parse(until.group(1)).isBefore(Instant.now());
    }

    private List<@Nullable String> snapshots() {
        return jdbc.sql("SELECT snapshot_id FROM ledger_run WHERE vault_uri = ? AND scheduled_for = ?")
                .params(vault.uri().toString(), scheduledFor.atOffset(ZoneOffset.UTC))
                .query(String.class)
                .list();
    }

    private @Nullable String snapshot(List<String> found) {
        List<@Nullable String> snapshots = snapshots();
        if (snapshots.size() != 1) {
            found.add("the ledger has " + snapshots.size() + " runs of " + vault.uri() + " at " + scheduledFor);
            return null;
        }
        return snapshots.getFirst();
    }

    private void checkLedgersRun(String snapshot, List<String> found) {
        String status = jdbc.sql("SELECT status FROM ledger_run WHERE snapshot_id = ?")
                .param(snapshot)
                .query(String.class)
                .single();
        expect("the ledger's run is", "COMPLETE", status, found);
        List<@Nullable String> executions = jdbc.sql(
                        "SELECT status FROM ledger_execution WHERE snapshot_id = ? ORDER BY execution")
                .param(snapshot)
                .query(String.class)
                .list();
        expect("the ledger's last execution is", "COMPLETE", executions.isEmpty() ? null : executions.getLast(), found);
        expect("an execution of the ledger is recorded as RUNNING:", false, executions.contains("RUNNING"), found);
        Map<String, Long> listed = new TreeMap<>();
        jdbc.sql("SELECT kind, objects, reason FROM ledger_listing WHERE snapshot_id = ?")
                .param(snapshot)
                .query(row -> {
                    listed.put(row.getString("kind").toLowerCase(Locale.ROOT), row.getLong("objects"));
                    expect(
                            "the listing of " + row.getString("kind") + " failed for",
                            null,
                            row.getString("reason"),
                            found);
                });
        expect("kinds that the ledger has listed:", Set.of("certificate", "key", "secret"), listed.keySet(), found);
        listed.forEach((kind, objects) -> checkCount(
                "rows of kind " + kind + " in the ledger, listed were",
                ledger(snapshot).values(),
                kind,
                objects,
                found));
    }

    /** What a listing that broke off had told, and the whole one after it did not, is one of the deleted objects. */
    private static void checkCount(
            String what, Collection<ObjectRecord> records, String kind, long listed, List<String> found) {
        long all = records.stream().filter(one -> one.kind().equals(kind)).count();
        long deleted = records.stream()
                .filter(one -> one.kind().equals(kind) && one.outcome().equals("DELETED_DURING_RUN"))
                .count();
        if (listed > all || listed < all - deleted) {
            found.add(what + " " + listed + ", expected " + all
                    + (deleted == 0 ? "" : " or up to " + deleted + " fewer"));
        }
    }

    /** A ledger that was rebuilt from a complete manifest tells of an execution that this database never had, and that spent nothing here. */
    private boolean isRebuilt(String snapshot) {
        return jdbc.sql("SELECT COUNT(*) FROM ledger_execution WHERE snapshot_id = ?")
                                .param(snapshot)
                                .query(Long.class)
                                .single()
                        == 1
                && jdbc.sql("SELECT units_spent FROM ledger_execution WHERE snapshot_id = ?")
                                .param(snapshot)
                                .query(Long.class)
                                .single()
                        == 0;
    }

    private void checkSpringBatch(String snapshot, List<String> found) {
        List<@Nullable String> statuses = jdbc.sql("SELECT e.STATUS FROM BATCH_JOB_EXECUTION e"
                        + " JOIN BATCH_JOB_EXECUTION_PARAMS v ON v.JOB_EXECUTION_ID = e.JOB_EXECUTION_ID"
                        + " AND v.PARAMETER_NAME = 'vault' AND v.PARAMETER_VALUE = ?"
                        + " JOIN BATCH_JOB_EXECUTION_PARAMS s ON s.JOB_EXECUTION_ID = e.JOB_EXECUTION_ID"
                        + " AND s.PARAMETER_NAME = 'scheduledFor' AND s.PARAMETER_VALUE = ?"
                        + " ORDER BY e.JOB_EXECUTION_ID")
                .params(vault.uri().toString(), scheduledFor.toString())
                .query(String.class)
                .list();
        if (statuses.isEmpty() && isRebuilt(snapshot)) {
            return;
        }
        expect("Spring Batch's last execution is", "COMPLETED", statuses.isEmpty() ? null : statuses.getLast(), found);
        for (String open : List.of("STARTING", "STARTED", "STOPPING")) {
            expect("an execution of Spring Batch is left " + open + ":", false, statuses.contains(open), found);
        }
    }

    // The manifest

    private Map.@Nullable Entry<String, Kept> newestManifest(String snapshot) {
        return store.startingWith(folder + "/manifests/" + snapshot + ".").entrySet().stream()
                .filter(one -> number(one.getKey()) > 0)
                .max(Comparator.comparingInt(one -> number(one.getKey())))
                .orElse(null);
    }

    /** Of the execution whose manifest has this name; 0 if it is none. */
    private static int number(String name) {
        Matcher matcher = NUMBER_OF_MANIFEST.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private @Nullable String lastManifestOfLedger(String snapshot) {
        List<@Nullable String> told = jdbc.sql(
                        "SELECT COALESCE(manifest, '-') FROM ledger_execution WHERE snapshot_id = ?"
                                + " ORDER BY execution DESC LIMIT 1")
                .param(snapshot)
                .query(String.class)
                .list();
        return told.isEmpty() ? null : told.getFirst();
    }

    private static @Nullable JsonNode parsed(Map.Entry<String, Kept> manifest, List<String> found) {
        try {
            return JSON.readTree(manifest.getValue().bytes());
        } catch (JacksonException damaged) {
            found.add(manifest.getKey() + " is no JSON: " + damaged.getMessage());
            return null;
        }
    }

    private @Nullable JsonNode manifest(String snapshot, List<String> found) {
        Map.Entry<String, Kept> newest = newestManifest(snapshot);
        if (newest == null) {
            found.add("there is no manifest of " + snapshot);
            return null;
        }
        expect(
                "the newest manifest is for complete:",
                "true",
                newest.getValue().metadata().get("complete"),
                found);
        expect("the ledger's manifest is", newest.getKey(), lastManifestOfLedger(snapshot), found);
        return parsed(newest, found);
    }

    private static Map<String, ObjectRecord> objects(JsonNode manifest, List<String> found) {
        Map<String, ObjectRecord> objects = new LinkedHashMap<>();
        for (JsonNode entry : manifest.path("objects")) {
            ObjectRecord object = ObjectRecord.of(entry);
            if (objects.put(object.id(), object) != null) {
                found.add(object.id() + " is in the manifest twice");
            }
        }
        return objects;
    }

    private void checkManifest(
            JsonNode manifest, String snapshot, Map<String, ObjectRecord> ledger, List<String> found) {
        expect("the manifest's snapshot is", snapshot, manifest.path("snapshot").asString(), found);
        expect(
                "the manifest's vault is",
                vault.uri().toString(),
                manifest.path("vault").asString(),
                found);
        expect("the manifest is complete:", true, manifest.path("complete").asBoolean(), found);
        expect(
                "the manifest's time is",
                scheduledFor.toString(),
                manifest.path("scheduledFor").asString(),
                found);
        Map<String, ObjectRecord> objects = objects(manifest, found);
        Map<String, Long> counts = new TreeMap<>();
        objects.values().forEach(object -> counts.merge(object.outcome(), 1L, Long::sum));
        Map<String, Long> counted = new TreeMap<>();
        manifest.path("counts").forEachEntry((outcome, count) -> counted.put(outcome, count.asLong()));
        expect("the manifest's counts are", counts, counted, found);
        for (JsonNode listing : manifest.path("listings")) {
            String kind = listing.path("kind").asString();
            checkCount(
                    "the manifest has listed of " + kind,
                    objects.values(),
                    kind,
                    listing.path("objects").asLong(),
                    found);
            expect("the manifest has a failed listing of " + kind + ":", false, listing.has("failure"), found);
        }
        compare(ledger, objects, found);
    }

    private static void compare(
            Map<String, ObjectRecord> ledger, Map<String, ObjectRecord> objects, List<String> found) {
        Set<String> all = new TreeSet<>(ledger.keySet());
        all.addAll(objects.keySet());
        for (String id : all) {
            ObjectRecord inLedger = ledger.get(id);
            ObjectRecord inManifest = objects.get(id);
            if (inLedger == null || inManifest == null) {
                found.add(id + " is missing in the " + (inLedger == null ? "ledger" : "manifest"));
            } else {
                inManifest.differencesTo(inLedger).forEach(what -> found.add(id + ": manifest and ledger: " + what));
            }
        }
    }

    // Ledger and vault

    private Map<String, ObjectRecord> ledger(String snapshot) {
        Map<String, ObjectRecord> rows = new TreeMap<>();
        jdbc.sql("SELECT * FROM ledger_object WHERE snapshot_id = ?")
                .param(snapshot)
                .query((row, number) -> ObjectRecord.of(row))
                .list()
                .forEach(row -> rows.put(row.id(), row));
        return rows;
    }

    private void checkLedgerAgainstVault(Map<String, ObjectRecord> ledger, List<String> found) {
        Set<String> there = new HashSet<>();
        for (EmulatedObject truth : vault.objects()) {
            String id = truth.kind() + "/" + truth.name();
            there.add(id);
            ObjectRecord row = ledger.get(id);
            if (row == null) {
                found.add(id + " is in the vault and missing in the ledger");
                continue;
            }
            row.differencesTo(truth).forEach(what -> found.add(id + ": ledger and vault: " + what));
            Set<String> expected = truth.managed() ? Set.of("COVERED_BY_CERTIFICATE") : COPIED;
            if (!expected.contains(row.outcome())) {
                found.add(id + " has the outcome " + row.outcome() + ", expected " + expected);
            }
        }
        for (ObjectRecord row : ledger.values()) {
            if (!there.contains(row.id())) {
                checkGone(row, found);
            }
        }
    }

    /** What is no longer in the vault was there, and may have been backed up before it went. */
    private void checkGone(ObjectRecord row, List<String> found) {
        if (vault.history(row.kind(), row.name()).isEmpty()) {
            found.add(row.id() + " is in the ledger and never was in the vault");
        }
        Set<String> possible = row.managed()
                ? Set.of("DELETED_DURING_RUN", "COVERED_BY_CERTIFICATE")
                : Set.of("DELETED_DURING_RUN", "BACKED_UP", "UNCHANGED");
        if (!possible.contains(row.outcome())) {
            found.add(row.id() + " was deleted, and its outcome is " + row.outcome());
        }
    }

    // What is reported as done

    private void checkDone(
            Map<String, ObjectRecord> ledger, String snapshot, Map<String, Kept> blobs, List<String> found) {
        Map<String, String> users = new TreeMap<>();
        BlobCheck check = new BlobCheck(vault, folder + "/", folder + "/" + snapshot + "/", blobs);
        for (ObjectRecord row : ledger.values()) {
            switch (row.outcome()) {
                case "BACKED_UP", "UNCHANGED" -> {
                    check.of(row).forEach(what -> found.add(row.id() + ": " + what));
                    String other = row.blob() == null ? null : users.put(row.blob(), row.id());
                    if (other != null) {
                        found.add(row.id() + " and " + other + " have one blob");
                    }
                }
                case "COVERED_BY_CERTIFICATE" -> {
                    ObjectRecord certificate = ledger.get("certificate/" + row.name());
                    boolean covered = row.managed() && certificate != null && COPIED.contains(certificate.outcome());
                    expect(row.id() + " is covered by a certificate that is backed up:", true, covered, found);
                }
                case "DELETED_DURING_RUN" ->
                    expect(
                            row.id() + " is reported as deleted, and is in the vault:",
                            false,
                            vault.object(row.kind(), row.name()).isPresent(),
                            found);
                case "PENDING", "FAILED" -> {
                    // not reported as done
                }
                default -> found.add(row.id() + " has the outcome " + row.outcome() + ", in a run of everything");
            }
        }
    }

    private static void checkNothingIsHalfWritten(Map<String, Kept> blobs, List<String> found) {
        blobs.forEach((name, kept) -> {
            String said = kept.metadata().get("sha256");
            if (!BlobCheck.sha256(kept.bytes()).equals(said)) {
                found.add(name + " is seen, and its bytes are not those that its metadata tells of ("
                        + kept.bytes().length + " bytes, metadata " + kept.metadata() + ")");
            }
        });
    }

    private static void expect(String what, @Nullable Object expected, @Nullable Object actual, List<String> found) {
        boolean same = expected == null ? actual == null : expected.equals(actual);
        if (!same) {
            found.add(what + " " + actual + ", expected " + expected);
        }
    }
}
