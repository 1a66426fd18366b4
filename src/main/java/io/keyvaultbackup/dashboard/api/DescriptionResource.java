package io.keyvaultbackup.dashboard.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The API's own description, which was made of it when it was built. */
@RestController
final class DescriptionResource {

    private static final String FILE = "/META-INF/keyvault-backup/openapi.json";

    private final byte[] text = read();
    private final String hash = DigestUtils.md5DigestAsHex(text);

    private static byte[] read() {
        try (InputStream file = Objects.requireNonNull(DescriptionResource.class.getResourceAsStream(FILE))) {
            return file.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + FILE, unreadable);
        }
    }

    @GetMapping("/api/v1/openapi.json")
    ResponseEntity<byte[]> description() {
        return ResponseEntity.ok()
                .eTag(hash)
                .cacheControl(CacheControl.noCache().cachePrivate())
                .contentType(MediaType.APPLICATION_JSON)
                .body(text);
    }
}
