package io.keyvaultbackup.snapshot;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants of one run, as JSON: that it stops, or that it goes on after a stop. The one with the highest number counts.
 *
 * @param vault its folder in the store
 * @param by who wanted it, as far as the machine knew
 * @param reason in their own words, if they gave any
 */
public record StopNote(
        int schemaVersion,
        String type,
        String vault,
        String snapshot,
        int number,
        Instant at,
        String by,
        @Nullable String reason) {

    private static final String STOP = "stop";
    private static final String GO_ON = "go-on";

    public StopNote {
        Objects.requireNonNull(type);
        Objects.requireNonNull(vault);
        Objects.requireNonNull(snapshot);
        Objects.requireNonNull(at);
        Objects.requireNonNull(by);
    }

    static StopNote stop(SnapshotNames names, int number, Instant at, String by, @Nullable String reason) {
        return new StopNote(Notes.SCHEMA_VERSION, STOP, names.vault(), names.snapshot(), number, at, by, reason);
    }

    static StopNote goOn(SnapshotNames names, int number, Instant at, String by) {
        return new StopNote(Notes.SCHEMA_VERSION, GO_ON, names.vault(), names.snapshot(), number, at, by, null);
    }

    /** One that can not be read: it may be a stop, so it is one. */
    static StopNote unreadable(SnapshotNames names, int number, String why) {
        return stop(
                names,
                number,
                Instant.EPOCH,
                "somebody",
                "of which nothing more is known: " + names.stop(number) + " in the store " + why);
    }

    boolean isStop() {
        return type.equals(STOP);
    }

    /** Whether it is the note that its name says, and can be understood. */
    boolean isOf(SnapshotNames names, int its) {
        return schemaVersion == Notes.SCHEMA_VERSION
                && (type.equals(STOP) || type.equals(GO_ON))
                && vault.equals(names.vault())
                && snapshot.equals(names.snapshot())
                && number == its;
    }

    /** Whether it tells when that was; one that can not be read does not. */
    public boolean isDated() {
        return !at.equals(Instant.EPOCH);
    }

    /** The rest of a sentence: {@code stopped by operator@node-7 at 2026-11-24T04:10:00Z, because the vault is needed}. */
    public String describe() {
        return "stopped by " + by + (isDated() ? " at " + at : "")
                + (reason == null ? "" : (isDated() ? ", because " : ", ") + reason);
    }
}
