package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the parts of one snapshot are in a store. The vault and the kind are part of every name, so that no two objects share one. */
public record SnapshotNames(String vault, String snapshot) {

    /** What follows a manifest's name in the name of its signature. */
    public static final String SIGNATURE = ".jws";

    /** The folder of the lists of vaults that were discovered. */
    public static final String FLEET = "fleet";

    private static final String JOBS = "jobs";

    /** The folders of the store's that are no vault's: a vault's has a dot or a port. */
    private static final Set<String> NO_VAULTS = Set.of(JOBS, FLEET);

    private static final int COPY_PARTS = 4;

    private static final Pattern EXECUTION =
            Pattern.compile(".*/[^./]+\\.(\\d{1,9})(?:\\.\\d{1,9})?(?:\\.json(?:\\.jws)?)?");

    public static SnapshotNames of(RunRequest request) {
        return new SnapshotNames(request.vault().storeName(), request.snapshot().value());
    }

    /** {@code {vault}/{snapshot-id}/{kind}/{name}.{execution}}. */
    public String blob(ObjectId id, int execution) {
        return blobs() + id.kind().word() + "/" + id.name() + "." + execution;
    }

    /**
     * The same for a copy of a later round of the execution, as no name is written twice: {@code {vault}/{snapshot-id}/{kind}/{name}.{execution}.{round}}.
     *
     * @param round from 1; the first has no part in the name
     */
    public String blob(ObjectId id, int execution, int round) {
        return round == 1 ? blob(id, execution) : blob(id, execution) + "." + round;
    }

    /** What the names of all its blobs start with. */
    public String blobs() {
        return vault + "/" + snapshot + "/";
    }

    /** {@code {vault}/manifests/{snapshot-id}.{execution}.json}. */
    public String manifest(int execution) {
        return manifests() + execution + ".json";
    }

    /** What the names of all its manifests start with. */
    public String manifests() {
        return manifestsOf(vault) + snapshot + ".";
    }

    /** What the names of all manifests of a vault start with. */
    public static String manifestsOf(String vault) {
        return vault + "/manifests/";
    }

    /** {@code {vault}/tombstones/{snapshot-id}.{execution}.json}: what is left of that execution's manifest when it was removed. */
    public String tombstone(int execution) {
        return tombstones() + execution + ".json";
    }

    /** What the names of all its tombstones start with. */
    public String tombstones() {
        return tombstonesOf(vault) + snapshot + ".";
    }

    /** What the names of all tombstones of a vault start with. */
    public static String tombstonesOf(String vault) {
        return vault + "/tombstones/";
    }

    /** Whether this names a tombstone, and not its signature or anything else. */
    public static boolean isTombstone(String name) {
        return isManifest(name.replaceFirst("/tombstones/", "/manifests/")) && !isManifest(name);
    }

    private static final Pattern MANIFEST =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*/manifests/([0-9A-Za-z-]{1,40})\\.\\d{1,9}\\.json");

    /** Whether this names a manifest, and not its signature or anything else. */
    public static boolean isManifest(String name) {
        return MANIFEST.matcher(name).matches();
    }

    /**
     * The snapshot that a manifest is of.
     *
     * @throws IllegalArgumentException if this is no manifest's name
     */
    public static SnapshotId snapshotOf(String manifest) {
        Matcher matcher = MANIFEST.matcher(manifest);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a manifest's name: " + manifest);
        }
        return new SnapshotId(matcher.group(1));
    }

    /** {@code {vault}/labels/{snapshot-id}.{number}.json}. */
    public String label(int number) {
        return labels() + number + ".json";
    }

    /**
     * {@code {vault}/labels/{snapshot-id}.{number}.{sha256}.jws}: the signature of labels with that SHA-256. Others who want the same number
     * have other bytes, and so another name for their signature: only the labels themselves take the number.
     */
    public String labelSignature(int number, String sha256) {
        return labels() + number + "." + sha256 + SIGNATURE;
    }

    /** What the names of all files of its labels, and of their signatures, start with. */
    public String labels() {
        return labelsOf(vault) + snapshot + ".";
    }

    /** What the names of all labels of a vault start with. */
    public static String labelsOf(String vault) {
        return vault + "/labels/";
    }

    private static final Pattern LABEL = Pattern.compile(
            "[A-Za-z0-9_-][A-Za-z0-9._-]*/labels/([0-9A-Za-z-]{1,40})\\.([1-9]\\d{0,8})\\.(?:json|([0-9a-f]{64})\\.jws)");

    /**
     * What the name of a file of labels tells.
     *
     * @param signs the SHA-256 of the labels whose signature it names; null if it names labels
     */
    public record LabelName(
            String snapshot, int number, @Nullable String signs) {}

    /** What this tells, if it is the name of labels or of their signature. */
    public static Optional<LabelName> labelIn(String name) {
        Matcher matcher = LABEL.matcher(name);
        return matcher.matches()
                ? Optional.of(new LabelName(matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /** {@code {vault}/stops/{snapshot-id}.{number}.json}: that an operator wants the run to stop, or to go on. */
    public String stop(int number) {
        return stops() + number + ".json";
    }

    /** What the names of all of these of its run start with. */
    public String stops() {
        return stopsOf(vault) + snapshot + ".";
    }

    /** What the names of all such notes about a vault's runs start with. */
    public static String stopsOf(String vault) {
        return vault + "/stops/";
    }

    /** The number of such a note of this run, or 0 if that is no name of one. */
    int numberOfStop(String name) {
        Matcher matcher = STOP.matcher(name);
        return name.startsWith(stops()) && matcher.matches() && matcher.group(1).equals(snapshot)
                ? Integer.parseInt(matcher.group(2))
                : 0;
    }

    private static final Pattern STOP =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*/stops/([0-9A-Za-z-]{1,40})\\.([1-9]\\d{0,8})\\.json");

    /** The snapshot whose run such a note is about, if this names one. */
    public static Optional<SnapshotId> snapshotOfStop(String name) {
        Matcher matcher = STOP.matcher(name);
        return matcher.matches() ? Optional.of(new SnapshotId(matcher.group(1))) : Optional.empty();
    }

    /** Whether a folder of the store's is, by its name, a vault's. */
    static boolean isVault(String folder) {
        return !NO_VAULTS.contains(folder);
    }

    /** {@code jobs/{uid}.json}: which run the pods of a Kubernetes Job continue, of every vault; beside the vaults' folders. */
    static String job(UUID uid) {
        return JOBS + "/" + uid + ".json";
    }

    /** What the names of all notes about Kubernetes Jobs start with. */
    public static String jobs() {
        return JOBS + "/";
    }

    /** {@code jobs/20261124T030000Z.json}: which Job that was made by hand has this second as its scheduled time. */
    static String jobAt(Instant second) {
        return jobs() + second.toString().replaceAll("[-:]", "") + ".json";
    }

    /** Whether this names a copy of that object, of whatever snapshot of the vault. */
    public static boolean isCopy(String name, String vault, ObjectId id) {
        return snapshotOfCopy(name)
                .map(snapshot -> new SnapshotNames(vault, snapshot.value()).blobs())
                .filter(folder -> name.startsWith(folder + id.kind().word() + "/" + id.name() + "."))
                .isPresent();
    }

    /** The snapshot whose run made a copy, if this names one. */
    public static Optional<SnapshotId> snapshotOfCopy(String name) {
        String[] parts = name.split("/", -1);
        return parts.length == COPY_PARTS ? Optional.of(new SnapshotId(parts[1])) : Optional.empty();
    }

    /** The execution that a name tells of, or 0 if it tells of none. */
    public static int executionOf(String name) {
        Matcher matcher = EXECUTION.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
