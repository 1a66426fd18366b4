package io.keyvaultbackup.doctor;

import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/** How near a vault's objects are to the number of versions that can be backed up, as the newest run saw it: to ask anew takes a call each. */
final class Headroom {

    private static final String CHECK = "versions";

    /** Above it the service refuses a backup (docs/keyvault-facts.md, "Limits"). */
    private static final int MOST = 500;

    private static final int NEAR = 400;

    private final BeanFactory beans;

    Headroom(BeanFactory beans) {
        this.beans = beans;
    }

    Finding of(VaultAddress vault) {
        try {
            Optional<RunRecord> newest = beans.getBean(RunLedger.class).newestOf(vault);
            return newest.map(run -> of(run, beans.getBean(ObjectLedger.class)))
                    .orElseGet(() -> unknown("no run of this vault is recorded here", "A backup counts them."));
        } catch (RuntimeException noDatabase) {
            return unknown("the job database can not be read", "Mend what is found about the database.");
        }
    }

    private static Finding of(RunRecord run, ObjectLedger objects) {
        Most most = new Most();
        objects.forEach(run.snapshot(), most::look);
        if (most.object == null) {
            return unknown(
                    "run " + run.snapshot() + " did not count them", "Set keyvault-backup.list-versions to true.");
        }
        String message =
                most.object + " has the most, " + most.versions + " of " + MOST + " (run " + run.snapshot() + ")";
        return most.versions < NEAR
                ? Finding.ok(CHECK, message)
                : Finding.warning(
                        CHECK,
                        message + (most.near > 1 ? "; " + most.near + " objects have " + NEAR + " or more" : ""),
                        "Versions can not be deleted: start a new object before it has more than " + MOST
                                + ", or it can not be backed up any more.");
    }

    private static Finding unknown(String why, String remedy) {
        return Finding.warning(CHECK, "how many versions objects have is not known: " + why, remedy);
    }

    private static final class Most {

        private @Nullable String object;
        private int versions;
        private int near;

        void look(LedgerObject row) {
            List<ObjectVersion> listed = row.result().versions();
            if (listed != null) {
                near += listed.size() >= NEAR ? 1 : 0;
                if (object == null || listed.size() > versions) {
                    object = row.object().id().toString();
                    versions = listed.size();
                }
            }
        }
    }
}
