package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of a vault's manifests: each must be there that another one follows, with the bytes that it had then, or else the tombstone of
 * these bytes. Heads alone are read,
 * unless every byte is asked for; then each manifest's SHA-256 is what its bytes have, else what was noted beside it. Stateless but for what it
 * was given.
 */
public final class ChainExamination {

    private final BackupStore store;
    private final Patience patience;
    private final SignatureKey key;
    private final @Nullable ManifestExamination everyByte;
    private final Consumer<IntegrityFinding> findings;

    /** @param everyByte what reads each manifest whole and checks its signature; null if heads are enough */
    public ChainExamination(
            BackupStore store,
            Patience patience,
            SignatureKey key,
            @Nullable ManifestExamination everyByte,
            Consumer<IntegrityFinding> findings) {
        this.store = store;
        this.patience = patience;
        this.key = key;
        this.everyByte = everyByte;
        this.findings = findings;
    }

    /**
     * A manifest that is there, or one that was removed.
     *
     * @param name of the manifest
     * @param place what is there: the manifest, or its tombstone
     */
    private record Link(
            String name,
            String place,
            ChainLink chain,
            @Nullable String sha256) {

        static Link of(StoredManifest manifest, ChainLink chain, @Nullable String sha256) {
            return new Link(manifest.name(), manifest.name(), chain, sha256);
        }

        static Link of(Tombstone tombstone) {
            return new Link(tombstone.manifest(), tombstone.name(), tombstone.chain(), tombstone.sha256());
        }
    }

    /**
     * Follows it, and says how many manifests were removed and have their tombstones.
     *
     * @param manifests all that are there
     * @param vault the folder of the vault
     * @param examined the manifest that is examined by itself, which is not read again
     * @param known what that examination came to
     * @throws StoreException if the store did not give one
     */
    public long examine(
            String vault, List<StoredManifest> manifests, StoredManifest examined, ManifestExamination.Examined known) {
        Map<String, Link> byName = new TreeMap<>();
        new Tombstones(store, patience, key, findings)
                .of(vault)
                .forEach((name, tombstone) -> byName.put(name, Link.of(tombstone)));
        Set<String> there = manifests.stream().map(StoredManifest::name).collect(Collectors.toSet());
        Set<String> buried = Set.copyOf(byName.keySet());
        byName.keySet().removeAll(there); // as a crash leaves them, between the tombstone and the removal
        long forgotten = byName.size();
        for (StoredManifest manifest : manifests) {
            if (manifest.replaced()
                    && !buried.contains(manifest.name())) { // else a forget was cut off, and the next one ends it
                findings.accept(
                        new IntegrityFinding(IntegrityProblem.NAME_REPLACED, manifest.name(), replaced(manifest)));
            }
            @Nullable
            Link link = manifest.name().equals(examined.name())
                    ? known.head() == null
                            ? null
                            : Link.of(manifest, known.head().chain(), known.sha256())
                    : read(manifest);
            if (link != null) {
                byName.put(manifest.name(), link);
            }
        }
        List<Link> links = new ArrayList<>(byName.values());
        links.sort(Comparator.comparingLong(link -> link.chain.number()));
        Map<Long, String> numbers = new HashMap<>();
        for (Link link : links) {
            follow(link, byName, there);
            if (link.chain.number() > 0) {
                @Nullable String other = numbers.putIfAbsent(link.chain.number(), link.name);
                if (other != null) {
                    found(
                            IntegrityProblem.ORPHAN,
                            link,
                            "it has the same number in the chain as " + other
                                    + ": one of them came late, from an execution that had lost its lease");
                }
            }
        }
        return forgotten;
    }

    private static String replaced(StoredManifest manifest) {
        return "somebody deleted or overwrote it; what was written first is still there, and is what is read here and restored from: az storage"
                + " blob download --version-id " + manifest.version();
    }

    private void follow(Link link, Map<String, Link> byName, Set<String> there) {
        if (link.chain.number() == 0) {
            found(IntegrityProblem.NOT_IN_CHAIN, link, "it is older than the chain of manifests");
            return;
        }
        @Nullable String previous = link.chain.previous();
        if (previous == null) {
            if (link.chain.number() != 1) {
                found(
                        IntegrityProblem.CHAIN_BROKEN,
                        link,
                        "it has number " + link.chain.number() + " and follows none");
            }
            return;
        }
        @Nullable Link before = byName.get(previous);
        if (before == null) {
            if (!there.contains(previous)) { // else it is named by itself
                found(
                        IntegrityProblem.CHAIN_BROKEN,
                        link,
                        "the manifest that it follows is missing, and so is its tombstone: " + previous);
            }
            return;
        }
        if (before.chain.number() != link.chain.number() - 1) {
            found(
                    IntegrityProblem.CHAIN_BROKEN,
                    link,
                    "it has number " + link.chain.number() + " and follows number " + before.chain.number() + ", "
                            + previous);
        }
        String expected = link.chain.sha256();
        if (expected != null && before.sha256 != null && !expected.equals(before.sha256)) {
            found(
                    IntegrityProblem.CHAIN_BROKEN,
                    before,
                    "its SHA-256 is " + before.sha256 + ", and was " + expected + " when " + link.name
                            + " followed it");
        }
    }

    private @Nullable Link read(StoredManifest manifest) {
        if (everyByte != null) {
            ManifestExamination.Examined examined = everyByte.examineAmongOthers(manifest);
            return examined.head() == null
                    ? null
                    : Link.of(manifest, examined.head().chain(), examined.sha256());
        }
        try (InputStream bytes = patience.call(() -> manifest.open(store))) {
            return Link.of(manifest, ManifestReader.head(bytes).chain(), manifest.sha256());
        } catch (UnreadableManifestException damaged) {
            findings.accept(new IntegrityFinding(
                    IntegrityProblem.MANIFEST_DAMAGED,
                    manifest.name(),
                    damaged.failure().message()));
            return null;
        } catch (IOException | UncheckedIOException broken) {
            throw unread(manifest, broken);
        }
    }

    private static StoreException unread(StoredManifest manifest, Exception broken) {
        return new StoreException(
                Failure.of(
                        FailureReason.STORE_UNAVAILABLE,
                        "the manifest " + manifest.name() + " could not be read: " + broken.getMessage()),
                broken);
    }

    private void found(IntegrityProblem problem, Link link, String message) {
        findings.accept(new IntegrityFinding(problem, link.place, message));
    }
}
