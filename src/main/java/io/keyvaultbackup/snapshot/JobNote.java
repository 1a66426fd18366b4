package io.keyvaultbackup.snapshot;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * Which scheduled time the pods of a Kubernetes Job work under that tells none by its name, as JSON.
 *
 * @param job its name
 * @param by which pod was the first, for people
 */
record JobNote(int schemaVersion, String type, String job, UUID uid, Instant scheduledFor, String by) {

    static final String TYPE = "job";

    JobNote {
        Objects.requireNonNull(type);
        Objects.requireNonNull(job);
        Objects.requireNonNull(uid);
        Objects.requireNonNull(scheduledFor);
        Objects.requireNonNull(by);
    }

    JobNote(String job, UUID uid, Instant scheduledFor, String by) {
        this(Notes.SCHEMA_VERSION, TYPE, job, uid, scheduledFor, by);
    }

    /** Whether it is what its name says, and can be understood. */
    boolean isOf(UUID its) {
        return schemaVersion == Notes.SCHEMA_VERSION && TYPE.equals(type) && uid.equals(its);
    }
}
