package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Envelope;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Copies out of the store, for use: nobody gets a byte that is not as it was written, of a manifest that is not whole and, where a public key is
 * configured, signed. Safe for use by many threads.
 */
public class CheckedCopies {

    /** What one request can put into Blob Storage. */
    private static final long LARGEST = 256L * 1024 * 1024;

    private static final int MOST_TOLD = 5;
    private static final int LONGEST_TOLD = 300;

    private final ObjectProvider<BackupStore> stores;
    private final ObjectProvider<SignatureKey> keys;
    private final Patience patience;

    CheckedCopies(ObjectProvider<BackupStore> stores, ObjectProvider<SignatureKey> keys, Stopwatch stopwatch) {
        this.stores = stores;
        this.keys = keys;
        this.patience = new Patience(stopwatch);
    }

    /**
     * The object in a snapshot, once the whole manifest has been examined.
     *
     * @throws RunRefusedException if the manifest is damaged, or has no such object
     * @throws StoreException if the store did not give it
     */
    public LedgerObject find(StoredSnapshot snapshot, ObjectId object) {
        AtomicReference<@Nullable LedgerObject> found = new AtomicReference<>();
        examine(snapshot, one -> {
            if (one.object().id().equals(object)) {
                found.set(one);
            }
        });
        return Optional.ofNullable(found.get())
                .orElseThrow(() -> new RunRefusedException(
                        RunRefusedException.Cause.STORE_NOT_FOUND,
                        "Snapshot " + snapshot.id() + " of " + snapshot.vault() + " has no " + object
                                + ". 'keyvault-backup find " + object.name()
                                + "' tells which snapshots have an object of that name."));
    }

    /**
     * Every object of a snapshot, once the whole manifest has been examined: it is read twice, and what is handed on is of the bytes that were
     * examined.
     *
     * @param begin given what the manifest says of the whole, and its SHA-256, before the first object
     * @return the same
     * @throws RunRefusedException if the manifest is damaged; objects may have been handed on where it changed in between
     * @throws StoreException if the store did not give it
     */
    public ManifestExamination.Examined objects(
            StoredSnapshot snapshot, Consumer<ManifestExamination.Examined> begin, Consumer<LedgerObject> objects) {
        ManifestExamination.Examined examined = examine(snapshot, one -> {});
        begin.accept(examined);
        objects(snapshot, examined, objects);
        return examined;
    }

    /**
     * The second part of the same, where a manifest was {@linkplain #examine examined} before.
     *
     * @throws RunRefusedException if it is not what was examined; objects have been handed on then
     * @throws StoreException if the store did not give it
     */
    public void objects(
            StoredSnapshot snapshot, ManifestExamination.Examined examined, Consumer<LedgerObject> objects) {
        MessageDigest digest = Sha256.digest();
        String name = snapshot.manifest().name();
        try (InputStream input =
                new DigestInputStream(patience.call(() -> snapshot.manifest().open(stores.getObject())), digest)) {
            ManifestReader.read(input, head -> {}, objects);
            input.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException | UncheckedIOException broken) {
            throw new StoreException(
                    Failure.of(FailureReason.STORE_UNAVAILABLE, name + " could not be read: " + broken.getMessage()),
                    broken);
        }
        if (!Sha256.text(digest).equals(examined.sha256())) {
            throw damaged("The manifest " + name + " changed while it was being read; nothing was taken from it.");
        }
    }

    /**
     * Reads a manifest to its end.
     *
     * @param objects given each object that could be read, before it is known whether the manifest is whole
     * @throws RunRefusedException if it is damaged
     * @throws StoreException if the store did not give it
     */
    public ManifestExamination.Examined examine(StoredSnapshot snapshot, Consumer<LedgerObject> objects) {
        List<IntegrityFinding> damage = new ArrayList<>();
        ManifestExamination.Examined examined = new ManifestExamination(
                        stores.getObject(), patience, keys.getObject(), finding -> {
                            if (finding.problem().level() == IntegrityProblem.Level.DAMAGE) {
                                damage.add(finding);
                            }
                        })
                .examine(snapshot.vault(), snapshot.manifest(), objects);
        if (!damage.isEmpty()) {
            throw damaged("Nothing is taken from snapshot " + snapshot.id() + " of " + snapshot.vault()
                    + ", whose manifest is not as it should be: "
                    + String.join(
                            "; ",
                            damage.stream()
                                    .limit(MOST_TOLD)
                                    .map(finding -> shortened(finding.message()))
                                    .toList())
                    + ". 'keyvault-backup verify " + snapshot.id() + "' tells all; another snapshot may be whole.");
        }
        return examined;
    }

    /**
     * The bytes of an object's copy, as the service made them.
     *
     * @param vault the folder of the vault that the object is of
     * @throws RunRefusedException if they are missing, not as they were written, or another object's
     * @throws StoreException if the store did not give them
     */
    public byte[] read(String vault, ObjectId object, ObjectResult.Blob copy) {
        if (!isInItsPlace(vault, object, copy)) {
            throw damaged("The manifest has no possible copy of " + object + ": it names " + shortened(copy.name())
                    + ". 'keyvault-backup verify' tells what else is wrong with it.");
        }
        byte[] bytes;
        try {
            bytes = patience.call(() -> readAtMost(copy, Math.min(copy.size(), LARGEST) + 1));
        } catch (FailureException failed) {
            if (failed.failure().reason() == FailureReason.NOT_FOUND) {
                throw damaged("The copy of " + object + " is missing: the store has no " + copy.name() + ". "
                        + others(object));
            }
            throw failed;
        }
        String sha256 = Sha256.of(bytes);
        if (bytes.length != copy.size() || !sha256.equals(copy.sha256())) {
            throw damaged("The copy of " + object + " is not as it was written: its SHA-256 is " + sha256
                    + ", and should be " + copy.sha256() + " (" + copy.name()
                    + "). " + others(object));
        }
        Envelope envelope = Envelope.of(bytes);
        if (envelope.kind().isPresent() && (envelope.kind().get() != object.kind() || !envelope.whole())) {
            throw damaged("The copy of " + object + " is that of a "
                    + envelope.kind().get().word() + (envelope.whole() ? "" : ", and not whole") + " (" + copy.name()
                    + "). 'keyvault-backup verify --read-data' tells which copies are right.");
        }
        return bytes;
    }

    private static String others(ObjectId object) {
        return "'keyvault-backup find " + object.name()
                + "' tells which snapshots have another copy; as long as the vault has the object, 'backup --full' makes a new one.";
    }

    private static boolean isInItsPlace(String vault, ObjectId object, ObjectResult.Blob copy) {
        try {
            return BlobName.check(copy.name()).startsWith(vault + "/")
                    && copy.name().contains("/" + object.kind().word() + "/" + object.name() + ".");
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_TOLD ? line : line.substring(0, LONGEST_TOLD) + "…";
    }

    private byte[] readAtMost(ObjectResult.Blob copy, long most) {
        String name = copy.name();
        try (InputStream input = stores.getObject().open(name, copy.version())) {
            return input.readNBytes((int) most);
        } catch (IOException broken) {
            throw new StoreException(
                    Failure.of(FailureReason.STORE_UNAVAILABLE, name + " could not be read: " + broken.getMessage()),
                    broken);
        }
    }

    private static RunRefusedException damaged(String message) {
        return new RunRefusedException(RunRefusedException.Cause.DAMAGED, message);
    }
}
