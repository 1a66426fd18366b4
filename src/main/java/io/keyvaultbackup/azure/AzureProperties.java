package io.keyvaultbackup.azure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Azure is reached.
 *
 * @param sslBundle the name of a Spring SSL bundle whose certificates are trusted beside the JDK's own
 * @param connectTimeout how long opening a connection may take
 * @param responseTimeout how long the service may take to begin its answer
 * @param verifyChallengeResource whether a vault's host must belong to the domain that its challenge names; off only for private
 *     endpoints and emulators whose name does not
 */
@ConfigurationProperties("keyvault-backup.azure")
public record AzureProperties(
        @Nullable String sslBundle,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("60s") Duration responseTimeout,
        @DefaultValue("true") boolean verifyChallengeResource) {}
