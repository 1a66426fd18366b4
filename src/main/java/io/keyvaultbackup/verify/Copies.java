package io.keyvaultbackup.verify;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.BlobVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The copies that a manifest refers to, held against a listing of the store: a few hundred bytes of memory each. For one thread. */
final class Copies {

    private static final int ORPHANS_TOLD = 20;
    private static final int LONGEST_NAME = 600;
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z-]{1,127}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** What one request can put into Blob Storage. */
    private static final long LARGEST = 256L * 1024 * 1024;

    private final Map<String, Copy> expected = new LinkedHashMap<>();
    private final Consumer<IntegrityFinding> findings;

    Copies(Consumer<IntegrityFinding> findings) {
        this.findings = findings;
    }

    /** An object of the manifest. */
    void expect(LedgerObject object) {
        ObjectResult.@Nullable Blob blob = object.result().blob();
        if (blob == null) {
            return;
        }
        Copy copy = new Copy(object.object().id(), blob.name(), blob.version(), blob.size(), blob.sha256());
        if (!isLegal(copy)) {
            found(
                    IntegrityProblem.COPY_MISSING,
                    shortened(copy.id().toString()),
                    "the manifest has no possible copy of it: " + shortened(blob.toString()));
            return;
        }
        String place = "/" + copy.id().kind().word() + "/" + copy.id().name() + ".";
        if (!copy.blob().contains(place)) {
            found(IntegrityProblem.COPY_MISPLACED, copy.blob(), "the manifest has it for " + copy.id());
        }
        @Nullable Copy other = expected.putIfAbsent(copy.blob(), copy);
        if (other != null) {
            found(
                    IntegrityProblem.COPY_MISPLACED,
                    copy.blob(),
                    "the manifest has it for " + other.id() + " and for " + copy.id());
        }
    }

    private static String shortened(String text) {
        return text.replaceAll("\\p{Cntrl}", " ").substring(0, Math.min(LONGEST_NAME, text.length()));
    }

    /** A manifest that was tampered with may say anything. */
    private static boolean isLegal(Copy copy) {
        try {
            return BlobName.check(copy.blob()).indexOf('/') > 0
                    && copy.blob().length() <= LONGEST_NAME
                    && NAME.matcher(copy.id().name()).matches()
                    && SHA_256.matcher(copy.sha256()).matches()
                    && copy.size() >= 0
                    && copy.size() <= LARGEST;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    /** What is in a folder of a store: names, and what the store has under each, the newest last. */
    record Folder(String name, Map<String, List<BlobVersion>> blobs) {

        static Folder of(BackupStore store, String name) {
            Map<String, List<BlobVersion>> blobs = new LinkedHashMap<>();
            try (Stream<BlobVersion> versions = store.listVersionNames(name)) {
                versions.forEach(version -> blobs.computeIfAbsent(version.name(), none -> new ArrayList<>(1))
                        .add(version));
            }
            return new Folder(name, blobs);
        }
    }

    /**
     * Holds the copies against what the store has where they should be, and says what is missing, of another size, or nobody's.
     *
     * @param own the snapshot's own folder; what is in others is listed
     */
    List<IntegrityFinding> lookFor(BackupStore store, Folder own) {
        List<IntegrityFinding> found = new ArrayList<>();
        Set<String> folders = expected.keySet().stream()
                .map(blob -> blob.replaceAll("^([^/]*/[^/]*/).*$", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        folders.add(own.name());
        Map<String, Copy> missing = new LinkedHashMap<>(expected);
        long orphans = 0;
        List<Copy> ofOtherVersions = new ArrayList<>();
        for (String name : folders) {
            Folder folder = name.equals(own.name()) ? own : Folder.of(store, name);
            for (Map.Entry<String, List<BlobVersion>> blob : folder.blobs().entrySet()) {
                @Nullable Copy copy = missing.get(blob.getKey());
                if (copy != null) {
                    CopyState state = CopyState.of(copy, blob.getValue());
                    if (state.isThere()) {
                        missing.remove(blob.getKey());
                    }
                    state.finding(copy).ifPresent(found::add);
                    if (state.isOfAnotherVersion()) {
                        ofOtherVersions.add(copy);
                    }
                } else if (name.equals(own.name())
                        && blob.getValue().getLast().current()
                        && ++orphans <= ORPHANS_TOLD) {
                    found.add(new IntegrityFinding(
                            IntegrityProblem.ORPHAN,
                            blob.getKey(),
                            "the manifest that counts does not refer to it; an execution that did not end, or an earlier round, left it (a later"
                                    + " snapshot may still refer to it)"));
                }
            }
        }
        if (!ofOtherVersions.isEmpty()) {
            found.add(new IntegrityFinding(
                    IntegrityProblem.OTHER_VERSIONS,
                    ofOtherVersions.getFirst().blob(),
                    "of the versions that the manifest tells of, " + ofOtherVersions.size()
                            + " are not here, as in a store to which it was copied; what their names show has the right size, and --read-data"
                            + " proves its bytes"));
        }
        if (orphans > ORPHANS_TOLD) {
            found.add(new IntegrityFinding(
                    IntegrityProblem.ORPHAN, own.name(), "and " + (orphans - ORPHANS_TOLD) + " more"));
        }
        missing.values()
                .forEach(copy -> found.add(
                        new IntegrityFinding(IntegrityProblem.COPY_MISSING, copy.blob(), missingMessage(copy))));
        return found;
    }

    static String missingMessage(Copy copy) {
        return "the copy of " + copy.id() + " is missing";
    }

    private void found(IntegrityProblem problem, String subject, String message) {
        findings.accept(new IntegrityFinding(problem, subject, message));
    }

    Collection<Copy> all() {
        return expected.values();
    }
}
