package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.snapshot.SnapshotLabelsContract;
import io.keyvaultbackup.store.BackupStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLabelsTest extends SnapshotLabelsContract {

    @TempDir
    Path directory;

    @Override
    protected BackupStore store() {
        return new DirectoryStore(directory.resolve("store"));
    }

    @Override
    protected BackupStore storeThatIsGone() {
        return new DirectoryStore(directory.resolve("none/at/all"));
    }
}
