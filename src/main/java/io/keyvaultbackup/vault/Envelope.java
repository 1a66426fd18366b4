package io.keyvaultbackup.vault;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The form of a backup, as far as it is known: one length byte, an ASCII tag, a JWE in compact form. The tags of secrets and keys are known
 * (from files that az wrote), that of certificates is not, so an unknown one says nothing.
 *
 * @param kind what it is a backup of; empty where the tag is not known
 * @param whole whether a JWE in compact form follows the tag
 */
public record Envelope(Optional<ObjectKind> kind, boolean whole) {

    private static final Map<String, ObjectKind> TAGS = Map.of(
            "AzureKeyVaultSecretBackupV1.microsoft.com", ObjectKind.SECRET,
            "AzureKeyVaultKeyBackupV1.microsoft.com", ObjectKind.KEY);
    private static final Pattern JWE =
            Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+");

    /** Looks at bytes as the service returned them. */
    public static Envelope of(byte[] bytes) {
        int length = bytes.length == 0 ? 0 : bytes[0] & 0xff;
        if (length == 0 || bytes.length <= length + 1) {
            return new Envelope(Optional.empty(), false);
        }
        String tag = new String(bytes, 1, length, StandardCharsets.ISO_8859_1);
        Optional<ObjectKind> kind = Optional.ofNullable(TAGS.get(tag));
        return new Envelope(kind, kind.isEmpty() || isJwe(bytes, length + 1));
    }

    private static boolean isJwe(byte[] bytes, int from) {
        byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
        return JWE.matcher(new String(rest, StandardCharsets.ISO_8859_1)).matches();
    }
}
