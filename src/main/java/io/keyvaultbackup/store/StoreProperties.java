package io.keyvaultbackup.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** placeholder until merge. */
@ConfigurationProperties("keyvault-backup.store")
public record StoreProperties(
        @Nullable Path directory,
        @Nullable URI containerUrl,
        @Nullable String sasToken,
        @Nullable String connectionString,
        @Nullable String container) {
    public List<String> problems() {
        return List.of();
    }
}
