package io.keyvaultbackup.fleet;

import io.keyvaultbackup.store.StoreProperties;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Where one vault's copies are kept, in place of where all are: the parts of {@link StoreProperties} that name a place and the way to reach it. How
 * long a lease lasts is said of all. {@link #toString()} tells no secret.
 *
 * <p>All is text: where each part that is given is empty, as a variable that nobody set leaves it, Spring Boot makes nothing at all of what is not, and these
 * copies would go to where all others are.
 */
record OwnStore(
        @Nullable String directory,
        @Nullable String containerUrl,
        @Nullable String sasToken,
        @Nullable String connectionString,
        @Nullable String container,
        @Nullable String leaseContainer,
        @Nullable String leaseSasToken) {

    /** Without what {@link #problem()} tells. */
    StoreProperties properties(Duration lease) {
        return new StoreProperties(
                read(directory, Path::of),
                read(containerUrl, URI::create),
                sasToken,
                connectionString,
                container,
                lease,
                leaseContainer,
                leaseSasToken);
    }

    private static <T> @Nullable T read(@Nullable String text, Function<String, T> reading) {
        return StringUtils.hasText(text) ? reading.apply(text.strip()) : null;
    }

    /** What cannot be read, in a sentence that begins with the part's name. */
    Optional<String> problem() {
        if (directory != null && directory.contains("${")) {
            return Optional.of("directory: " + directory
                    + " stands for nothing: no property or environment variable of that name is given");
        }
        try {
            properties(Duration.ZERO);
            return Optional.empty();
        } catch (InvalidPathException unreadable) {
            return Optional.of("directory: '" + directory + "' is not a path, such as /var/backups/key-vault");
        } catch (IllegalArgumentException unreadable) { // may hold a token, so it is not shown
            return Optional.of(
                    "container-url: its value is not a URL; it looks like https://myaccount.blob.core.windows.net/backups");
        }
    }

    @Override
    public String toString() {
        return problem().isPresent()
                ? "OwnStore[cannot be read]"
                : properties(Duration.ZERO).toString();
    }
}
