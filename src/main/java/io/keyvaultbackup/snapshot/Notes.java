package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Small JSON files in the store which are written once: read and written here. Stateless. */
final class Notes {

    /** Raised when a reader of an older version could misunderstand a newer note. */
    static final int SCHEMA_VERSION = 1;

    private static final int LARGEST = 64 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Notes() {}

    static byte[] bytes(Object note) {
        return JSON.writeValueAsBytes(note);
    }

    /**
     * Reads one; properties that are not known are passed over.
     *
     * @throws UnreadableNoteException if it is none, or only a part of one
     * @throws io.keyvaultbackup.store.StoreException if the store did not give it
     */
    static <T> T read(BackupStore store, String name, Class<T> type) {
        byte[] bytes;
        try (InputStream input = store.open(name)) {
            bytes = input.readNBytes(LARGEST + 1);
        } catch (IOException brokenOff) {
            throw new StoreException(
                    Failure.of(FailureReason.STORE_UNAVAILABLE, name + " could not be read: " + brokenOff.getMessage()),
                    brokenOff);
        }
        if (bytes.length > LARGEST) {
            throw new UnreadableNoteException("is larger than any note");
        }
        try {
            return Objects.requireNonNull(JSON.readValue(bytes, type), "nothing");
        } catch (JacksonException | NullPointerException | IllegalArgumentException damaged) {
            throw new UnreadableNoteException("is damaged: it is no such note, or only a part of one");
        }
    }

    /** A note is not as this program writes it; the message is the rest of a sentence. */
    static final class UnreadableNoteException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableNoteException(String why) {
            super(why);
        }
    }
}
