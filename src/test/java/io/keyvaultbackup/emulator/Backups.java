package io.keyvaultbackup.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;

/** Backup and restore: between an object's state and the bytes that the service hands out for it. */
final class Backups {

    private static final byte[] BEFORE = "{\"value\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\"}".getBytes(StandardCharsets.US_ASCII);

    /** The content of a blob. */
    private record Content(String subscription, String geography, StoredObject object) {}

    private final VaultSettings settings;
    private final ObjectStore store;
    private final Envelope envelope;

    Backups(VaultSettings settings, ObjectStore store) {
        this.settings = settings;
        this.store = store;
        this.envelope = new Envelope(SecurityWorld.of(settings.subscription(), settings.geography()));
    }

    Answer backup(StoredObject object) {
        if (object.managed()) {
            throw new ServiceException(ServiceError.managed("backup", object.kind()));
        }
        if (settings.disabledBackupRefused() && !object.latest().enabled()) {
            throw new ServiceException(ServiceError.disabled("backup", object.kind()));
        }
        if (isOverLimit(object)) {
            var error = settings.versionLimitError();
            throw new ServiceException(new ServiceError(error.status(), error.code(), null, error.message()));
        }
        byte[] text = Base64.getUrlEncoder().withoutPadding().encode(blob(object));
        byte[] body = new byte[BEFORE.length + text.length + AFTER.length];
        System.arraycopy(BEFORE, 0, body, 0, BEFORE.length);
        System.arraycopy(text, 0, body, BEFORE.length, text.length);
        System.arraycopy(AFTER, 0, body, BEFORE.length + text.length, AFTER.length);
        return Answer.json(body);
    }

    boolean isOverLimit(StoredObject object) {
        return object.versions().size() > settings.versionLimit();
    }

    byte[] blob(StoredObject object) {
        byte[] content = Json.bytes(new Content(settings.subscription(), settings.geography(), object));
        return envelope.seal(object.kind(), content, object.blobSize());
    }

    StoredObject restore(Kind kind, byte[] body) {
        String text = Json.read(body).path("value").asString("");
        try {
            return store.restore(open(kind, Base64.getUrlDecoder().decode(text)).object());
        } catch (IllegalArgumentException malformed) {
            throw new ServiceException(ServiceError.malformedBackup());
        }
    }

    BackupContent content(byte[] blob) {
        Kind kind = kindOf(blob);
        Content content = open(kind, blob);
        StoredObject object = content.object();
        return new BackupContent(
                kind.word(),
                object.name(),
                content.subscription(),
                content.geography(),
                object.revision(),
                object.versionIds());
    }

    private static Kind kindOf(byte[] blob) {
        for (Kind kind : Kind.values()) {
            byte[] tag = Envelope.tagOf(kind);
            if (blob.length > tag.length
                    && new String(blob, 1, tag.length, StandardCharsets.ISO_8859_1)
                            .equals(new String(tag, StandardCharsets.ISO_8859_1))) {
                return kind;
            }
        }
        throw new IllegalArgumentException("These " + blob.length + " bytes are no backup.");
    }

    private Content open(Kind kind, byte[] blob) {
        byte[] content = envelope.open(kind, blob, settings.foreignBlobStatus());
        try {
            return Json.MAPPER.readValue(content, Content.class);
        } catch (JacksonException malformed) {
            throw new ServiceException(ServiceError.malformedBackup());
        }
    }
}
