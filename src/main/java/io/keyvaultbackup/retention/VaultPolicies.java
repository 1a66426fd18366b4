package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.OwnPolicies;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** By which policy it goes at which vault. Its own stands in place of the whole general one. Safe for use by many threads. */
final class VaultPolicies {

    private final RetentionProperties properties;
    private final OwnPolicies own;
    private @Nullable Map<String, KeepPolicy> known;

    /** @param properties without {@linkplain RetentionProperties#problems() problems} */
    VaultPolicies(RetentionProperties properties, OwnPolicies own) {
        this.properties = properties;
        this.own = own;
    }

    /** Read once, as of each vault it is asked. */
    private synchronized Map<String, KeepPolicy> own() {
        if (known == null) {
            known = own.byVault();
        }
        return known;
    }

    /** Empty where neither is: nothing may be forgotten there. */
    Optional<KeepPolicy> of(String vault) {
        return own(vault).or(() -> Optional.of(properties.policy())).filter(policy -> !policy.isEmpty());
    }

    Optional<KeepPolicy> own(String vault) {
        return Optional.ofNullable(own().get(vault))
                .map(policy -> policy.in(properties.policy().zone()));
    }

    /** Whether there is none at all. */
    boolean isEmpty() {
        return properties.policy().isEmpty() && own().isEmpty();
    }

    /** A vault whose own policy has no rule, as the command line may leave it, if there is one. */
    Optional<String> withoutRule() {
        return own().entrySet().stream()
                .filter(policy -> policy.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
