package io.keyvaultbackup.run;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a restore is to do with an object, and what became of it. */
public enum RestoreOutcome {
    /** Nobody has the name: to be restored. */
    PENDING,
    /** A deleted object has the name: to be recovered, as was asked for. */
    TO_RECOVER,
    /** An object has the name, and is to be compared with the snapshot. */
    TO_COMPARE,
    /** It was made from its copy. */
    RESTORED,
    /** It was deleted, and has been brought back. */
    RECOVERED,
    /** It was there before, in the state of the snapshot. */
    ALREADY_THERE,
    /** The key or secret of a certificate, which brings it. */
    WITH_CERTIFICATE,
    /** The key or secret of a certificate that was not restored. */
    WITHOUT_CERTIFICATE,
    /** An object of that name is there in another state, and was left alone. */
    CONFLICT,
    /** A deleted object has the name, and was left alone. */
    SOFT_DELETED,
    /** It cannot be restored, by whatever relaunch. */
    IMPOSSIBLE,
    /** It was tried, and failed for a reason that is recorded. */
    FAILED,
    /** Of a drill: restored, compared, and gone again. */
    REMOVED,
    /** Of a drill: restored, compared and deleted; the vault keeps what is deleted for a while. */
    DELETED,
    /** Of a drill: restored, and not removed. */
    LEFT_BEHIND;

    /** What is left to be done. */
    public static final Set<RestoreOutcome> TO_DO = EnumSet.of(PENDING, TO_RECOVER);

    /** What should be in the target as it is in the snapshot. */
    public static final Set<RestoreOutcome> IN_PLACE = EnumSet.of(RESTORED, RECOVERED, ALREADY_THERE, WITH_CERTIFICATE);

    /** What a drill has to come to. */
    public static final Set<RestoreOutcome> TRIED = EnumSet.of(REMOVED, DELETED, WITH_CERTIFICATE);

    /** What stands in the way of others' work, so that it is asked about before anything is written. */
    public static final Set<RestoreOutcome> IN_THE_WAY = EnumSet.of(CONFLICT, SOFT_DELETED);

    /** As people read it: {@code already there}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
