package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The keys and secrets that certificates own: never backed up by themselves, they share their certificate's fate. Safe for use by many threads. */
public class ManagedObjects {

    private final JdbcClient jdbc;
    private final ObjectLedger objects;

    ManagedObjects(JdbcClient jdbc, ObjectLedger objects) {
        this.jdbc = jdbc;
        this.objects = objects;
    }

    /**
     * Gives every pending key and secret that a certificate owns the outcome that follows from that certificate's.
     *
     * @param certificatesSelected whether the run is about certificates at all
     * @param goneIfUnlisted whether what failed for want of its certificate before, and still has none, is gone; false where a closing listing
     *     tells better
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW) // no row stays locked while the manifest is written
    public void followCertificates(
            SnapshotId snapshot, int execution, boolean certificatesSelected, boolean goneIfUnlisted) {
        follow(snapshot, execution, Outcome.COVERED_BY_CERTIFICATE, Set.of(Outcome.BACKED_UP, Outcome.UNCHANGED));
        follow(snapshot, execution, Outcome.DELETED_DURING_RUN, Set.of(Outcome.DELETED_DURING_RUN));
        follow(snapshot, execution, Outcome.EXCLUDED, Set.of(Outcome.EXCLUDED));
        if (!certificatesSelected) {
            jdbc.sql(
                            "UPDATE ledger_object SET outcome = 'EXCLUDED', execution = ? WHERE snapshot_id = ? AND managed AND"
                                    + " outcome = 'PENDING'")
                    .params(execution, snapshot.value())
                    .update();
        }
        boolean listed = objects.completelyListed(snapshot).contains(ObjectKind.CERTIFICATE);
        String unlisted =
                "NOT EXISTS (SELECT 1 FROM ledger_object c WHERE c.snapshot_id = ledger_object.snapshot_id AND"
                        + " c.kind = 'CERTIFICATE' AND c.name = ledger_object.name)";
        if (listed && goneIfUnlisted) {
            jdbc.sql(
                            "UPDATE ledger_object SET outcome = 'DELETED_DURING_RUN', reason = NULL, execution = ? WHERE snapshot_id = ?"
                                    + " AND managed AND outcome = 'PENDING' AND reason = ? AND " + unlisted)
                    .params(execution, snapshot.value(), FailureReason.CERTIFICATE_NOT_LISTED.name())
                    .update();
        }
        if (listed) {
            fail(
                    snapshot,
                    execution,
                    unlisted,
                    FailureReason.CERTIFICATE_NOT_LISTED,
                    "its certificate was not yet there when the certificates were listed");
        }
        fail(
                snapshot,
                execution,
                "1 = 1",
                FailureReason.CERTIFICATE_NOT_BACKED_UP,
                "it is part of the certificate of the same name, which was not backed up");
    }

    /** Makes pending again what a certificate covered that is pending again itself. */
    static void uncover(JdbcClient jdbc, SnapshotId snapshot) {
        jdbc.sql(
                        "UPDATE ledger_object SET outcome = 'PENDING' WHERE snapshot_id = ? AND outcome = 'COVERED_BY_CERTIFICATE'"
                                + " AND EXISTS (SELECT 1 FROM ledger_object c WHERE c.snapshot_id = ledger_object.snapshot_id AND"
                                + " c.kind = 'CERTIFICATE' AND c.name = ledger_object.name AND c.outcome = 'PENDING')")
                .param(snapshot.value())
                .update();
    }

    private void follow(SnapshotId snapshot, int execution, Outcome outcome, Set<Outcome> ofCertificate) {
        jdbc.sql(
                        "UPDATE ledger_object SET outcome = :outcome, reason = NULL, execution = :execution WHERE snapshot_id = :snapshot AND managed"
                                + " AND outcome = 'PENDING' AND EXISTS (SELECT 1 FROM ledger_object c WHERE"
                                + " c.snapshot_id = ledger_object.snapshot_id AND c.kind = 'CERTIFICATE' AND c.name = ledger_object.name"
                                + " AND c.outcome IN (:ofCertificate))")
                .param("outcome", outcome.name())
                .param("execution", execution)
                .param("snapshot", snapshot.value())
                .param(
                        "ofCertificate",
                        ofCertificate.stream().map(Outcome::name).toList())
                .update();
    }

    private void fail(SnapshotId snapshot, int execution, String condition, FailureReason reason, String message) {
        jdbc.sql(
                        "UPDATE ledger_object SET outcome = 'FAILED', execution = ?, reason = ?, service_status = 0, message = ? WHERE"
                                + " snapshot_id = ? AND managed AND outcome = 'PENDING' AND " + condition)
                .params(execution, reason.name(), message, snapshot.value())
                .update();
    }
}
