package io.keyvaultbackup.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal, as {@link StoredBlob#SHA_256} holds it. Stateless. */
public final class Sha256 {

    private Sha256() {}

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Of what the digest was given; the digest is then empty again. */
    public static String text(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of these bytes. */
    public static String of(byte[] bytes) {
        MessageDigest digest = digest();
        digest.update(bytes);
        return text(digest);
    }

    /** Of all that is left to read; the caller closes. */
    public static String of(InputStream bytes) throws IOException {
        DigestInputStream input = new DigestInputStream(bytes, digest());
        input.transferTo(OutputStream.nullOutputStream());
        return text(input.getMessageDigest());
    }
}
