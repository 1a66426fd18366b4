package io.keyvaultbackup.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;

/**
 * Bytes to be stored, which can be read more than once, with their length and SHA-256 known beforehand.
 *
 * @param sha256 in lower-case hexadecimal
 */
public record BlobContent(Source source, long length, String sha256) {

    /** Opens the bytes from their start. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /** The array itself, not a copy: whoever passes it leaves it alone. */
    public static BlobContent of(byte[] bytes) {
        return new BlobContent(() -> new ByteArrayInputStream(bytes), bytes.length, Sha256.of(bytes));
    }

    /** A file that nobody changes any more. */
    public static BlobContent of(Path file) {
        try (DigestInputStream input = new DigestInputStream(Files.newInputStream(file), Sha256.digest())) {
            long length = input.transferTo(java.io.OutputStream.nullOutputStream());
            return new BlobContent(() -> Files.newInputStream(file), length, Sha256.text(input.getMessageDigest()));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file, failed);
        }
    }
}
