package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.snapshot.RunNotesContract;
import io.keyvaultbackup.store.BackupStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRunNotesTest extends RunNotesContract {

    @TempDir
    Path directory;

    @Override
    protected BackupStore store() {
        return new DirectoryStore(directory.resolve("store"));
    }
}
