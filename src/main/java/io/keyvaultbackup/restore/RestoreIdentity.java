package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What makes a restore the same one when it is launched again, and its id: {@code 20261126T083000Z-1f2e3d}, when it was begun and a hash. */
final class RestoreIdentity {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int HASH_LENGTH = 6;

    private RestoreIdentity() {}

    /** The restore of this request that did not end, or a new one; a trial is always a new one. */
    static RestoreLedger.Begun begin(RestoreParts parts, RestoreRequest request, boolean trial) {
        StoredManifest manifest = request.snapshot().manifest();
        String subject = sha256(String.join(
                "\n",
                parts.locationOf(request.snapshot()),
                manifest.name(),
                String.valueOf(manifest.size()),
                String.valueOf(manifest.sha256()),
                request.target().toString(),
                request.selection().canonical(),
                request.onConflict().name(),
                String.valueOf(request.recoverDeleted()),
                String.valueOf(trial)));
        Instant now = parts.clock().instant();
        String id =
                trial ? newId(now, subject) : parts.ledger().unfinished(subject).orElseGet(() -> newId(now, subject));
        return new RestoreLedger.Begun(
                id,
                subject,
                request.snapshot().vault(),
                request.snapshot().id().value(),
                manifest.name(),
                request.target().toString(),
                request.selection().canonical(),
                trial);
    }

    /** Two that are begun in the same second are told apart. */
    private static String newId(Instant now, String subject) {
        return TIME.format(now) + "-" + sha256(subject + now).substring(0, HASH_LENGTH);
    }

    private static String sha256(String text) {
        MessageDigest digest = Sha256.digest();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return Sha256.text(digest);
    }
}
