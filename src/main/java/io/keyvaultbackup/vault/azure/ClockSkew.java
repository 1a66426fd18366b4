package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.DateTimeRfc1123;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How far this machine's clock is from the service's: a token that seems valid here is refused there. Stateless. */
final class ClockSkew {

    /** Entra ID and its services tolerate five minutes. */
    private static final Duration TOLERATED = Duration.ofMinutes(5);

    private ClockSkew() {}

    /** A sentence if the clocks are too far apart for tokens, or nothing. */
    static String told(HttpResponse response, InstantSource clock) {
        Instant theirs = date(response.getHeaderValue(HttpHeaderName.DATE));
        if (theirs == null) {
            return "";
        }
        Duration skew = Duration.between(theirs, clock.instant());
        return skew.abs().compareTo(TOLERATED) < 0
                ? ""
                : " This machine's clock is " + skew.abs().toSeconds() + " s "
                        + (skew.isNegative() ? "behind" : "ahead of")
                        + " the service's, and tokens are refused for that: set it (timedatectl set-ntp true).";
    }

    /** The time of a Date header, or null if there is none that can be read. */
    static @Nullable Instant date(@Nullable String header) {
        try {
            return header == null
                    ? null
                    : new DateTimeRfc1123(header).getDateTime().toInstant();
        } catch (RuntimeException unreadable) {
            return null;
        }
    }
}
