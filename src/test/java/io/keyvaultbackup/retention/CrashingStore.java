package io.keyvaultbackup.retention;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.store.directory.DirectoryRemoval;
import io.keyvaultbackup.store.directory.DirectoryStore;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real directory store that ends its process, as far as anybody can see, before its operation of a number; and that can lock blobs. */
final class CrashingStore implements BackupStore, BlobRemoval {

    private final BackupStore store;
    private final BlobRemoval removal;
    private final Map<String, Protection> locks = new HashMap<>();
    private final List<String> removed = new ArrayList<>();
    private Runnable beforeEachRemoval = () -> {};
    private @Nullable Runnable beforeNextOpen;
    private boolean tellsLocks = true;
    private int crashBefore = Integer.MAX_VALUE;
    private int operations;

    CrashingStore(Path root) {
        this.store = new DirectoryStore(root);
        this.removal = new DirectoryRemoval(root);
    }

    /** What a kill looks like from within. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    CrashingStore crashBefore(int operation) {
        crashBefore = operation;
        return this;
    }

    CrashingStore lock(String name, Protection protection) {
        locks.put(name, protection);
        return this;
    }

    /** Where an identity may not read what is locked, only the refusal tells. */
    CrashingStore withoutTellingLocks() {
        tellsLocks = false;
        return this;
    }

    CrashingStore beforeEachRemoval(Runnable what) {
        beforeEachRemoval = what;
        return this;
    }

    /** What comes to pass once, when the next blob is about to be read. */
    CrashingStore beforeNextOpen(Runnable what) {
        beforeNextOpen = what;
        return this;
    }

    int operations() {
        return operations;
    }

    List<String> removed() {
        return removed;
    }

    private synchronized void count() {
        if (++operations >= crashBefore) {
            throw new Crash();
        }
    }

    @Override
    public StoredBlob put(String name, BlobContent content, Map<String, String> metadata, Protection asked) {
        count();
        return store.put(name, content, metadata, asked);
    }

    @Override
    public Optional<StoredBlob> find(String name) {
        count();
        return store.find(name);
    }

    @Override
    public InputStream open(String name, @Nullable String version) {
        count();
        @Nullable Runnable meanwhile = beforeNextOpen;
        beforeNextOpen = null;
        if (meanwhile != null) {
            meanwhile.run();
        }
        return store.open(name, version);
    }

    @Override
    public Stream<StoredBlob> list(String prefix) {
        count();
        return removal.list(prefix)
                .map(blob -> new StoredBlob(
                        blob.name(),
                        blob.size(),
                        blob.version(),
                        blob.metadata(),
                        tellsLocks ? locks.getOrDefault(blob.name(), Protection.NONE) : Protection.NONE));
    }

    @Override
    public Stream<StoredBlob> listNames(String prefix) {
        count();
        return store.listNames(prefix);
    }

    @Override
    public List<String> folders() {
        count();
        return store.folders();
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void remove(StoredBlob blob, Runnable goOn) {
        goOn.run();
        count();
        beforeEachRemoval.run();
        if (locks.containsKey(blob.name())) {
            throw new StoreException(Failure.of(FailureReason.STORE_IMMUTABLE, blob.name() + " is locked"), null);
        }
        removal.remove(blob, () -> {});
        removed.add(blob.name());
    }
}
