package io.keyvaultbackup.emulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The form of a backup: one length byte, an ASCII tag, a JWE in compact form. The tag of certificates is not known; the one here
 * follows the pattern of the others.
 */
final class Envelope {

    private static final int IV_BYTES = 12;
    private static final int AUTHENTICATION_BYTES = 16;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(Envelope::newCipher);

    private final SecurityWorld world;
    private final byte[] header;

    Envelope(SecurityWorld world) {
        this.world = world;
        String json = "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + world.keyId() + "\"}";
        this.header = ENCODER.encode(json.getBytes(StandardCharsets.US_ASCII));
    }

    /** Seals the content, filled up with blanks where the blob would be smaller than asked for; each call gives other bytes. */
    byte[] seal(Kind kind, byte[] content, int leastBytes) {
        byte[] tag = tagOf(kind);
        int overhead = 1 + tag.length + header.length + 4 + 16 + 22;
        int length = Math.max(content.length, (leastBytes - overhead) / 4 * 3);
        byte[] padded = Arrays.copyOf(content, length);
        Arrays.fill(padded, content.length, length, (byte) ' ');

        byte[] iv = new byte[IV_BYTES];
        ThreadLocalRandom.current().nextBytes(iv);
        byte[] sealed = encrypt(iv, padded);
        byte[] text = ENCODER.encode(Arrays.copyOf(sealed, length));
        byte[] authentication = ENCODER.encode(Arrays.copyOfRange(sealed, length, sealed.length));
        return ByteBuffer.allocate(overhead + text.length)
                .put((byte) tag.length)
                .put(tag)
                .put(header)
                .put((byte) '.')
                .put((byte) '.')
                .put(ENCODER.encode(iv))
                .put((byte) '.')
                .put(text)
                .put((byte) '.')
                .put(authentication)
                .array();
    }

    /** Opens what {@link #seal} made in the same security world; everything else is refused as the service does. */
    byte[] open(Kind kind, byte[] blob, int foreignStatus) {
        byte[] tag = tagOf(kind);
        if (blob.length < tag.length + 1
                || blob[0] != tag.length
                || !Arrays.equals(tag, 0, tag.length, blob, 1, tag.length + 1)) {
            throw new ServiceException(ServiceError.malformedBackup());
        }
        String[] parts = new String(blob, 1 + tag.length, blob.length - 1 - tag.length, StandardCharsets.ISO_8859_1)
                .split("\\.", -1);
        if (parts.length != 5) {
            throw new ServiceException(ServiceError.malformedBackup());
        }
        try {
            String kid = Json.read(Base64.getUrlDecoder().decode(parts[0]))
                    .path("kid")
                    .asString("");
            if (!kid.equals(world.keyId())) {
                throw new ServiceException(
                        new ServiceError(foreignStatus, "BadParameter", null, "Cannot decrypt backup blob"));
            }
            return decrypt(
                    parts[0].getBytes(StandardCharsets.US_ASCII), decode(parts[2]), decode(parts[3]), decode(parts[4]));
        } catch (IllegalArgumentException | GeneralSecurityException malformed) {
            throw new ServiceException(ServiceError.malformedBackup());
        }
    }

    static byte[] tagOf(Kind kind) {
        return ("AzureKeyVault" + kind.title() + "BackupV1.microsoft.com").getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] encrypt(byte[] iv, byte[] content) {
        try {
            Cipher cipher = CIPHER.get();
            cipher.init(Cipher.ENCRYPT_MODE, world.key(), new GCMParameterSpec(AUTHENTICATION_BYTES * 8, iv));
            cipher.updateAAD(header);
            return cipher.doFinal(content);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private byte[] decrypt(byte[] additional, byte[] iv, byte[] text, byte[] authentication)
            throws GeneralSecurityException {
        if (iv.length != IV_BYTES || authentication.length != AUTHENTICATION_BYTES) {
            throw new AEADBadTagException();
        }
        Cipher cipher = CIPHER.get();
        cipher.init(Cipher.DECRYPT_MODE, world.key(), new GCMParameterSpec(AUTHENTICATION_BYTES * 8, iv));
        cipher.updateAAD(additional);
        cipher.update(text);
        return cipher.doFinal(authentication);
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
