package io.keyvaultbackup.snapshot;

import java.util.Locale;

/** What can be found wrong, or worth knowing, of a snapshot's copies. */
public enum IntegrityProblem {
    /** The manifest is none, is cut off, or does not fit its schema. */
    MANIFEST_DAMAGED(Level.DAMAGE),
    /** Its bytes are not those that were noted beside it when it was written. */
    MANIFEST_CHANGED(Level.DAMAGE),
    /** It is not the manifest that its name says: another vault's, snapshot's or execution's. */
    MANIFEST_MISPLACED(Level.DAMAGE),
    /** A manifest that another one follows is missing, is another one, or the numbers have a gap. */
    CHAIN_BROKEN(Level.DAMAGE),
    /** What stands for a manifest that was removed is none, or another one's. */
    TOMBSTONE_DAMAGED(Level.DAMAGE),
    /** A signature is asked for, and there is none. */
    SIGNATURE_MISSING(Level.DAMAGE),
    /** The signature is none of this manifest by this key. */
    SIGNATURE_WRONG(Level.DAMAGE),
    /** The newest snapshot is not the one that is expected, or is too old. */
    NOT_LATEST(Level.DAMAGE),
    /** A copy that the manifest refers to is not in the store. */
    COPY_MISSING(Level.DAMAGE),
    /** A copy's size or SHA-256 is not what the manifest says. */
    COPY_DAMAGED(Level.DAMAGE),
    /** A copy is of another kind or object than the manifest says. */
    COPY_MISPLACED(Level.DAMAGE),
    /** A name was overwritten or deleted, and the store still has the bytes that were written there: they are what is used. */
    NAME_REPLACED(Level.WARNING),
    /** The store did not give a copy, so nothing is known of it. */
    COPY_UNREAD(Level.UNKNOWN),
    /** The copy's envelope is none that is known; the service's form may have changed. */
    ENVELOPE_UNKNOWN(Level.NOTICE),
    /** There is a signature, and no public key to check it with. */
    SIGNATURE_NOT_CHECKED(Level.NOTICE),
    /** The manifest is older than the chain, so nothing tells whether those before it are all there. */
    NOT_IN_CHAIN(Level.NOTICE),
    /** The store has no such versions as the manifest tells of, as one to which it was copied; the names have bytes of the right sizes. */
    OTHER_VERSIONS(Level.NOTICE),
    /** The snapshot itself says that not every object is done. */
    SNAPSHOT_INCOMPLETE(Level.NOTICE),
    /** A blob that no manifest refers to, as an execution that did not end leaves it. */
    ORPHAN(Level.NOTICE);

    /** What it means for whoever needs the copies. */
    public enum Level {
        /** The copies are not what they were, or not all there. */
        DAMAGE,
        /** Not known; another try may tell. */
        UNKNOWN,
        /** The copies are all there, and somebody has tried to change that. */
        WARNING,
        /** Good to know. */
        NOTICE
    }

    private final Level level;

    IntegrityProblem(Level level) {
        this.level = level;
    }

    public Level level() {
        return level;
    }

    /** As people read it: {@code copy missing}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
