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
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The scheduled times of Kubernetes Jobs that somebody made by hand: that of the first pod which asked, kept in the store, so that the next
 * pod continues the same run of each vault, whatever became of the first one's disk. Safe for use by many threads, and by many processes:
 * pods of one Job that begin at one moment get the same time, and those of different Jobs different ones, since a run is a vault and a second.
 */
public class JobTimes {

    /** As many Jobs have begun within the second before; more have not. */
    private static final int MOST_AT_ONCE = 60;

    private final ObjectProvider<BackupStore> stores;
    private final InstantSource clock;
    private final Patience patience;

    JobTimes(ObjectProvider<BackupStore> stores, InstantSource clock, Stopwatch stopwatch) {
        this.stores = stores;
        this.clock = clock;
        this.patience = new Patience(stopwatch);
    }

    /**
     * The time of a Job: if this is its first pod, now, or the next second that no other Job has.
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
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JobNote mine = IntStream.range(0, MOST_AT_ONCE)
                .mapToObj(later -> new JobNote(job, uid, now.plusSeconds(later), ThisProcess.name()))
                .filter(note -> isItsOwn(store, note))
                .findFirst()
                .orElseThrow(() -> new RunRefusedException(
                        RunRefusedException.Cause.WRONG_USAGE,
                        "Each second of the next minute is another Job's, as the notes in " + SnapshotNames.jobs()
                                + " of "
                                + store.location()
                                + " say. Find out who may write in the store, and name the time yourself:"
                                + " keyvault-backup backup --scheduled-for 2026-11-24T03:00:00Z."));
        // Where another pod of the Job was quicker, that one's time counts, and the second found here is nobody's.
        return put(store, name(uid), mine) ? mine : read(store, uid);
    }

    /** Whether this second is the Job's alone: whoever writes the note that is named by it has it. */
    private boolean isItsOwn(BackupStore store, JobNote note) {
        String name = SnapshotNames.jobAt(note.scheduledFor());
        if (put(store, name, note)) {
            return true;
        }
        try {
            return patience.call(() -> Notes.read(store, name, JobNote.class)).isOf(note.uid());
        } catch (Notes.UnreadableNoteException damaged) {
            return false;
        }
    }

    /** Whether it was written; else there is another of that name. */
    private boolean put(BackupStore store, String name, JobNote note) {
        try {
            patience.call(() -> store.put(name, BlobContent.of(Notes.bytes(note)), Map.of()));
            return true;
        } catch (StoreException taken) {
            if (taken.failure().reason() != FailureReason.STORE_CONFLICT) {
                throw taken;
            }
            return false;
        }
    }

    /** The time that a note about a Job tells, if this names one that can be understood. */
    public static Optional<Instant> timeIn(BackupStore store, String name) {
        try {
            JobNote note = Notes.read(store, name, JobNote.class);
            return note.isOf(note.uid())
                            && Set.of(name(note.uid()), SnapshotNames.jobAt(note.scheduledFor()))
                                    .contains(name)
                    ? Optional.of(note.scheduledFor())
                    : Optional.empty();
        } catch (Notes.UnreadableNoteException damaged) {
            return Optional.empty();
        } catch (StoreException gone) {
            if (gone.failure().reason() != FailureReason.NOT_FOUND) {
                throw gone;
            }
            return Optional.empty(); // somebody else forgot it meanwhile
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
