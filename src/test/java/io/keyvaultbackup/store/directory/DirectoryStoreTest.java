package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BackupStoreContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends BackupStoreContract {

    @TempDir
    Path directory;

    @Override
    protected BackupStore store() {
        return new DirectoryStore(directory.resolve("store-" + System.nanoTime()));
    }

    @Override
    protected List<String> secrets() {
        return List.of();
    }
}
