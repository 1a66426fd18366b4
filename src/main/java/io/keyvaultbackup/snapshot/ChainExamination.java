package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.pacing.Patience;
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
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of a vault's manifests: each must be there that another one follows, with the bytes that it had then. Heads alone are read,
 * unless every byte is asked for; then each manifest's SHA-256 is what its bytes have, else what was noted beside it. Stateless but for what it
 * was given.
 */
public final class ChainExamination {

    private final BackupStore store;
    private final Patience patience;
    private final @Nullable ManifestExamination everyByte;
    private final Consumer<IntegrityFinding> findings;

    /** @param everyByte what reads each manifest whole and checks its signature; null if heads are enough */
    public ChainExamination(
            BackupStore store,
            Patience patience,
            @Nullable ManifestExamination everyByte,
            Consumer<IntegrityFinding> findings) {
        this.store = store;
        this.patience = patience;
        this.everyByte = everyByte;
        this.findings = findings;
    }

    private record Link(
            StoredManifest manifest,
            ChainLink chain,
            @Nullable String sha256) {}

    /**
     * Follows it.
     *
     * @param examined the manifest that is examined by itself, which is not read again
     * @param known what that examination came to
     * @throws StoreException if the store did not give one
     */
    public void examine(List<StoredManifest> manifests, StoredManifest examined, ManifestExamination.Examined known) {
        Map<String, Link> byName = new TreeMap<>();
        for (StoredManifest manifest : manifests) {
            @Nullable
            Link link = manifest.name().equals(examined.name())
                    ? known.head() == null
                            ? null
                            : new Link(manifest, known.head().chain(), known.sha256())
                    : read(manifest);
            if (link != null) {
                byName.put(manifest.name(), link);
            }
        }
        List<Link> links = new ArrayList<>(byName.values());
        links.sort(Comparator.comparingLong(link -> link.chain.number()));
        Map<Long, String> numbers = new HashMap<>();
        for (Link link : links) {
            follow(link, byName, manifests);
            if (link.chain.number() > 0) {
                @Nullable String other = numbers.putIfAbsent(link.chain.number(), link.manifest.name());
                if (other != null) {
                    found(
                            IntegrityProblem.ORPHAN,
                            link.manifest,
                            "it has the same number in the chain as " + other
                                    + ": one of them came late, from an execution that had lost its lease");
                }
            }
        }
    }

    private void follow(Link link, Map<String, Link> byName, List<StoredManifest> manifests) {
        if (link.chain.number() == 0) {
            found(IntegrityProblem.NOT_IN_CHAIN, link.manifest, "it is older than the chain of manifests");
            return;
        }
        @Nullable String previous = link.chain.previous();
        if (previous == null) {
            if (link.chain.number() != 1) {
                found(
                        IntegrityProblem.CHAIN_BROKEN,
                        link.manifest,
                        "it has number " + link.chain.number() + " and follows none");
            }
            return;
        }
        @Nullable Link before = byName.get(previous);
        if (before == null) {
            boolean damaged =
                    manifests.stream().anyMatch(manifest -> manifest.name().equals(previous));
            if (!damaged) { // else it is named by itself
                found(
                        IntegrityProblem.CHAIN_BROKEN,
                        link.manifest,
                        "the manifest that it follows is missing: " + previous);
            }
            return;
        }
        if (before.chain.number() != link.chain.number() - 1) {
            found(
                    IntegrityProblem.CHAIN_BROKEN,
                    link.manifest,
                    "it has number " + link.chain.number() + " and follows number " + before.chain.number() + ", "
                            + previous);
        }
        String expected = link.chain.sha256();
        if (expected != null && before.sha256 != null && !expected.equals(before.sha256)) {
            found(
                    IntegrityProblem.CHAIN_BROKEN,
                    before.manifest,
                    "its SHA-256 is " + before.sha256 + ", and was " + expected + " when " + link.manifest.name()
                            + " followed it");
        }
    }

    private @Nullable Link read(StoredManifest manifest) {
        if (everyByte != null) {
            ManifestExamination.Examined examined = everyByte.examineAmongOthers(manifest);
            return examined.head() == null
                    ? null
                    : new Link(manifest, examined.head().chain(), examined.sha256());
        }
        try (InputStream bytes = patience.call(() -> store.open(manifest.name()))) {
            return new Link(manifest, ManifestReader.head(bytes).chain(), manifest.sha256());
        } catch (UnreadableManifestException damaged) {
            found(IntegrityProblem.MANIFEST_DAMAGED, manifest, damaged.failure().message());
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

    private void found(IntegrityProblem problem, StoredManifest manifest, String message) {
        findings.accept(new IntegrityFinding(problem, manifest.name(), message));
    }
}
