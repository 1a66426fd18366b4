package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.Immutability;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protection that one execution asks for. Its end is counted from the execution's begin, so that whatever a run writes is kept for one time;
 * a copy's is as many days longer as it may be before it is made anew, so that the snapshots that refer to it until then need no extension.
 * Safe for use by many threads.
 */
final class AskedProtection {

    private static final Logger LOG = LoggerFactory.getLogger(AskedProtection.class);

    private static final String UNPROVEN =
            "nothing was copied by this run, and the copies that it refers to have no retention, so nothing shows that the container gives any; the"
                    + " manifest promises nothing. A run with --full copies everything anew";

    private final ProtectionProperties properties;
    private final @Nullable Instant until;
    private final int refreshDays;
    private final Instant startedAt;
    private final Set<Copy> unprotected = ConcurrentHashMap.newKeySet();
    private final Set<Copy> endingEarly = ConcurrentHashMap.newKeySet();
    private final Set<Copy> reliedOn = ConcurrentHashMap.newKeySet();

    private volatile boolean reliesOnUnprotected;
    private volatile boolean sealing;
    private volatile boolean proven;

    private record Copy(String name, String version) {}

    AskedProtection(ProtectionProperties properties, int refreshDays, Instant startedAt) {
        this.properties = properties;
        this.refreshDays = refreshDays;
        this.startedAt = startedAt;
        this.until = properties.immutableFor() == null
                ? null
                : startedAt.plus(properties.immutableFor()).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Of the manifest and its signature; until then the snapshot is to be kept whole. */
    Protection ofManifest() {
        return new Protection(until, properties.legalHold());
    }

    Protection ofCopy() {
        return new Protection(until == null ? null : until.plus(Duration.ofDays(refreshDays)), properties.legalHold());
    }

    /** A copy that the run may refer to, as the store has it. */
    void seen(BlobVersion seen) {
        if (until == null) {
            return;
        }
        StoredBlob copy = seen.blob();
        note(new Copy(copy.name(), copy.version() == null ? "" : copy.version()), copy.protection(), until);
        if (seen.current()) {
            note(new Copy(copy.name(), ""), copy.protection(), until);
        }
    }

    private void note(Copy copy, Protection has, Instant wanted) {
        @Nullable Instant copyUntil = has.until();
        change(endingEarly, copy, !has.legalHold() && (copyUntil == null || copyUntil.isBefore(wanted)));
        change(unprotected, copy, !has.isInForce(startedAt));
    }

    private static void change(Set<Copy> copies, Copy copy, boolean in) {
        if (in) {
            copies.add(copy);
        } else {
            copies.remove(copy);
        }
    }

    /** A copy that the run refers to, in that version if one is recorded. */
    void reliedOn(String name, @Nullable String version) {
        Copy copy = new Copy(name, version == null ? "" : version);
        if (unprotected.contains(copy)) {
            reliesOnUnprotected = true;
        }
        if (endingEarly.contains(copy)) {
            reliedOn.add(copy);
        }
    }

    /**
     * What the manifest may promise, if it is taken with its own protection: nothing, unless something that this run has put was seen to be protected as
     * it asked for, or, where it put nothing yet, all that it refers to was. It may refer to nothing, where the vault is empty.
     */
    @Nullable
    Instant promised(BackupStore store) {
        boolean seenAtCopies = store.unprotected().isEmpty() && !reliesOnUnprotected;
        proven = store.isProtecting() || seenAtCopies;
        sealing = true;
        return proven ? until : null;
    }

    /**
     * @param sealed whether the manifest was put
     * @param before until when earlier executions of the run promised its snapshot to be kept
     */
    Immutability result(BackupStore store, boolean sealed, Supplier<Optional<Instant>> before) {
        if (until == null) {
            @Nullable String why = store.unprotected().or(() -> dropped(before)).orElse(null);
            return new Immutability(null, why, 0);
        }
        @Nullable String why = store.unprotected().orElse(sealing && !proven ? UNPROVEN : null);
        return new Immutability(sealed && proven && why == null ? until : null, why, reliedOn.size());
    }

    private Optional<String> dropped(Supplier<Optional<Instant>> before) {
        try {
            return before.get()
                    .filter(promised -> promised.isAfter(startedAt))
                    .map(promised -> "an earlier execution of this run promised to keep its snapshot until " + promised
                            + ", and this one was asked for no retention: give --immutable-for again, also to retry");
        } catch (FailureException | RunRefusedException untold) {
            LOG.debug("What earlier executions promised cannot be read", untold);
            return Optional.empty();
        }
    }
}
