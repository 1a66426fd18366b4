package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.ThisProcess;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The scheduled times of Kubernetes Jobs that somebody made by hand: that of the first pod which asked, kept in the store, so that the next
 * pod continues the same run of each vault, whatever became of the first one's disk. Safe for use by many threads, and by many processes:
 * pods that begin at one moment get the same time.
 */
public class JobTimes {

    private final ObjectProvider<BackupStore> stores;
    private final InstantSource clock;
    private final Patience patience;

    JobTimes(ObjectProvider<BackupStore> stores, InstantSource clock, Stopwatch stopwatch) {
        this.stores = stores;
        this.clock = clock;
        this.patience = new Patience(stopwatch);
    }

    /**
     * The time of a Job: now, if this is its first pod.
     *
     * @param job its name
     * @param uid tells it from every other Job, also from an earlier one of that name
     * @throws RunRefusedException if its note can not be read, or is another Job's
     * @throws StoreException if the store did not give it, or did not take it
     */
    public Instant of(String job, UUID uid) {
        BackupStore store = stores.getObject();
        Optional<JobNote> noted = find(store, uid);
        JobNote note = noted.isPresent() ? noted.get() : write(store, job, uid);
        if (!note.job().equals(job)) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    "--job-uid: " + uid + " is the uid of Job " + note.job() + ", as " + name(uid) + " in "
                            + store.location() + " says, and not of " + job + ". Both are to be of the same Job.");
        }
        return note.scheduledFor();
    }

    private Optional<JobNote> find(BackupStore store, UUID uid) {
        return patience.call(() -> store.find(name(uid))).map(blob -> read(store, uid));
    }

    private JobNote read(BackupStore store, UUID uid) {
        try {
            JobNote note = patience.call(() -> Notes.read(store, name(uid), JobNote.class));
            if (note.isOf(uid)) {
                return note;
            }
            throw unreadable(store, uid, "is of another Job, or of a newer version of this program");
        } catch (Notes.UnreadableNoteException damaged) {
            throw unreadable(store, uid, String.valueOf(damaged.getMessage()));
        }
    }

    private JobNote write(BackupStore store, String job, UUID uid) {
        JobNote mine = new JobNote(job, uid, clock.instant().truncatedTo(ChronoUnit.SECONDS), ThisProcess.name());
        try {
            patience.call(() -> store.put(name(uid), BlobContent.of(Notes.bytes(mine)), Map.of()));
            return mine;
        } catch (StoreException taken) {
            if (taken.failure().reason() != FailureReason.STORE_CONFLICT) {
                throw taken;
            }
            return read(store, uid); // another pod of the Job was quicker
        }
    }

    private static String name(UUID uid) {
        return SnapshotNames.job(uid);
    }

    private static RunRefusedException unreadable(BackupStore store, UUID uid, String why) {
        return new RunRefusedException(
                RunRefusedException.Cause.WRONG_USAGE,
                "Which run this Job's pods continue can not be told: " + name(uid) + " in " + store.location() + " "
                        + why + ". Name the time yourself: keyvault-backup backup --scheduled-for"
                        + " 2026-11-24T03:00:00Z, or make another Job.");
    }
}
