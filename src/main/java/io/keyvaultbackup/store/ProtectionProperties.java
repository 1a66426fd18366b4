package io.keyvaultbackup.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long nobody can remove what is backed up, where the container has version-level immutability.
 *
 * @param immutableFor how long each manifest is protected from removal, and each copy for as long and the days until it is made anew
 *     (refresh-days), such as 30d; none if it is not given
 * @param immutabilityMode who can end that before its time: unlocked, whoever may set policies; locked, nobody at all, however long it is
 * @param legalHold whether all of it is protected until somebody ends that, blob by blob
 */
@ConfigurationProperties(StoreProperties.PREFIX)
public record ProtectionProperties(
        @Nullable Duration immutableFor,
        @DefaultValue("unlocked") ProtectionMode immutabilityMode,
        @DefaultValue("false") boolean legalHold) {

    private static final String IMMUTABLE_FOR = StoreProperties.PREFIX + ".immutable-for";

    /** As documented: "the minimum retention interval is one day, and the maximum is 146,000 days". */
    private static final Duration SHORTEST = Duration.ofDays(1);

    private static final Duration LONGEST = Duration.ofDays(146_000);

    /** Of a store where nothing is to be protected. */
    public static final ProtectionProperties NONE = new ProtectionProperties(null, ProtectionMode.UNLOCKED, false);

    /** The same for a vault of which another time is said; null if none is. */
    public ProtectionProperties withImmutableFor(@Nullable Duration ofVault) {
        return ofVault == null ? this : new ProtectionProperties(ofVault, immutabilityMode, legalHold);
    }

    public boolean isWanted() {
        return immutableFor != null || legalHold;
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    public List<String> problems(StoreProperties store) {
        List<String> problems = new ArrayList<>();
        if (immutableFor != null && (immutableFor.compareTo(SHORTEST) < 0 || immutableFor.compareTo(LONGEST) > 0)) {
            problems.add(IMMUTABLE_FOR + " (--immutable-for): " + immutableFor.toSeconds()
                    + "s is not from 1d to 146000d, such as 30d");
        }
        if (isWanted() && store.directory() != null) {
            problems.add(
                    (immutableFor == null ? StoreProperties.PREFIX + ".legal-hold" : IMMUTABLE_FOR)
                            + ": a directory (" + store.directory()
                            + ") can protect nothing; leave it out, or keep backups in a container with version-level immutability");
        }
        return problems;
    }
}
