package io.keyvaultbackup.store.azure;

import io.keyvaultbackup.examination.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who has stolen this identity could do to the copies that are there, from what it may do to a blob of its own. {@code null} is not
 * known.
 *
 * @param overwrite whether it may put other bytes under a name
 * @param delete whether it may delete a name
 * @param deleteVersion whether it may delete a version
 * @param setPolicy whether it may end a retention that is not locked, or a legal hold
 * @param versions whether the account keeps what is overwritten or deleted
 */
record StolenIdentity(
        @Nullable Boolean overwrite,
        @Nullable Boolean delete,
        @Nullable Boolean deleteVersion,
        @Nullable Boolean setPolicy,
        boolean versions) {

    private static final String ROLE =
            "Give it the role \"Key Vault Backup Store Writer (keyvault-backup)\" (config/azure/store-role.json) and no other.";

    private static final String ALWAYS =
            "it can read every copy, and add blobs and snapshots of its own (verify checks signatures)";

    Finding finding() {
        List<String> can = new ArrayList<>();
        boolean overwrites = Boolean.TRUE.equals(overwrite);
        boolean deletes = Boolean.TRUE.equals(delete);
        if (Boolean.TRUE.equals(deleteVersion)) {
            can.add(
                    Boolean.TRUE.equals(setPolicy)
                            ? "destroy every copy that has no locked retention: it may delete versions, and end retentions that are not"
                                    + " locked and legal holds"
                            : "destroy every copy that no retention or legal hold protects: it may delete versions");
        } else if ((overwrites || deletes) && !versions) {
            can.add("destroy every copy: it may "
                    + (overwrites && deletes ? "overwrite and delete" : overwrites ? "overwrite" : "delete")
                    + " blobs, and the account keeps no versions");
        } else if (overwrites || deletes) {
            can.add(
                    deleteVersion == null
                            ? "hide every copy; the account keeps versions, which verify, restore and export read, and whether it may delete"
                                    + " those is not known"
                            : "hide every copy, not destroy it: the account keeps versions, which verify, restore and export read");
        }
        if (Boolean.TRUE.equals(setPolicy)) {
            can.add("end retentions that are not locked, and legal holds");
        }
        List<String> unknown = unknown();
        if (can.isEmpty() && !unknown.isEmpty()) {
            return Finding.warning(
                    "stolen",
                    "what whoever steals this identity can destroy is not known: the service did not tell whether it may "
                            + String.join(", ", unknown) + "; " + ALWAYS,
                    "Try again. " + ROLE);
        }
        return can.isEmpty()
                ? Finding.ok("stolen", "whoever steals this identity can destroy no copy; " + ALWAYS)
                : Finding.warning(
                        "stolen",
                        "whoever steals this identity can " + String.join(", and ", can) + "; " + ALWAYS,
                        ROLE);
    }

    /** What could destroy or hide copies, and was not told. */
    private List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        if (overwrite == null) {
            unknown.add("overwrite blobs");
        }
        if (delete == null) {
            unknown.add("delete blobs");
        }
        if (versions && deleteVersion == null) {
            unknown.add("delete versions");
        }
        if (setPolicy == null) {
            unknown.add("end retentions");
        }
        return unknown;
    }
}
