package io.keyvaultbackup.run;

/** What became of one object in one run. */
public enum Outcome {
    /** Not yet treated. */
    PENDING(false),
    /** Its blob of this run is in the store. */
    BACKED_UP(true),
    /** As it was in an earlier snapshot, whose blob this one refers to. */
    UNCHANGED(true),
    /** The key or secret of a certificate that ended BACKED_UP or UNCHANGED, whose blob holds it. */
    COVERED_BY_CERTIFICATE(true),
    /** Left out by the run's selection. */
    EXCLUDED(true),
    /** Listed, and gone before its backup call, or before the vault was listed again. */
    DELETED_DURING_RUN(true),
    /** Not backed up, for a reason that is recorded. */
    FAILED(false);

    private final boolean done;

    Outcome(boolean done) {
        this.done = done;
    }

    /** Whether nothing is left to do for such an object in its run. */
    public boolean isDone() {
        return done;
    }

    /** As people read it: {@code backed up}. */
    public String words() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
