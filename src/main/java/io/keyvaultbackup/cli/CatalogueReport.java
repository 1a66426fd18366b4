package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import java.util.List;
import java.util.function.Function;

/** Tells what the store holds; each line as soon as it is known. */
interface CatalogueReport {

    static CatalogueReport of(Terminal terminal, CommonOptions common) {
        return common.json() ? new CatalogueJsonReport(terminal.out()) : new CatalogueTextReport(terminal);
    }

    /**
     * Snapshots, newest first; a head that can not be read is told in its place.
     *
     * @param none what is said to people where there is none
     */
    void snapshots(List<LabelledSnapshot> snapshots, Function<StoredManifest, ManifestHead> heads, String none);

    /** What one snapshot says of the whole. */
    void head(StoredSnapshot snapshot, ManifestHead head);

    /** An object's state in a snapshot. */
    void object(StoredSnapshot snapshot, LedgerObject object);

    /** Which two are compared. */
    void comparing(StoredSnapshot before, StoredSnapshot after);

    void difference(Difference difference);

    /** All is told. */
    void end();
}
