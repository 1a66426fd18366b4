package io.keyvaultbackup.restore;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.vault.Envelope;
import io.keyvaultbackup.vault.ObjectKind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in a file that az, PowerShell, the portal or this program wrote: the bytes of a backup as the service made them, or their base64url
 * text.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record BackupFile(ObjectKind kind, byte[] backup) {

    /**
     * Recognises it by its envelope.
     *
     * @param said the kind that people say it is; where the envelope tells, they need not
     * @throws RunRefusedException that says why this is no backup, or not one of that kind
     */
    static BackupFile of(byte[] content, @Nullable ObjectKind said) {
        byte[] bytes = content;
        Envelope envelope = Envelope.of(content);
        Optional<byte[]> decoded = envelope.kind().isPresent() ? Optional.empty() : decoded(content);
        if (decoded.isPresent()) {
            bytes = decoded.get();
            envelope = Envelope.of(bytes);
        }
        Optional<ObjectKind> kind = envelope.kind();
        if (kind.isPresent() && !envelope.whole()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.DAMAGED,
                    "The file begins as the backup of a " + kind.get().word()
                            + ", and is cut off or damaged after that. Take another copy of it.");
        }
        if (kind.isPresent() && said != null && kind.get() != said) {
            throw wrong("The file is the backup of a " + kind.get().word() + ", not of a " + said.word()
                    + " (--kind). Nothing was sent.");
        }
        if (kind.isEmpty() && said == null) {
            throw wrong("The file is not the backup of a secret or a key as far as those are known. How a certificate's"
                    + " begins is not published: if it is one, say --kind certificate.");
        }
        return new BackupFile(kind.isPresent() ? kind.get() : Objects.requireNonNull(said), bytes);
    }

    /** The portal's text, base64url or base64, with or without padding and line ends. */
    private static Optional<byte[]> decoded(byte[] text) {
        String letters = new String(text, StandardCharsets.ISO_8859_1)
                .replaceAll("\\s+", "")
                .replace('+', '-')
                .replace('/', '_');
        try {
            return letters.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Base64.getUrlDecoder().decode(letters));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static RunRefusedException wrong(String sentence) {
        return new RunRefusedException(RunRefusedException.Cause.WRONG_USAGE, sentence);
    }
}
