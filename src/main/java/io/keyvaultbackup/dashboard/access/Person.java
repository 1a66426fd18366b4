package io.keyvaultbackup.dashboard.access;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

/**
 * Who asks, and at which vaults they may look on or ask for something. A controller's method gets it as an argument. Immutable.
 *
 * @param name for people: a user name, or the subject of a token
 * @param identity the same for those who look back: with the provider's own, which nobody can choose
 * @param way how they showed who they are
 */
public record Person(String name, String identity, Way way, List<Grant> grants) {

    /** How somebody showed who they are. */
    public enum Way {
        /** By a login at the provider. */
        SESSION,
        /** By a bearer token of the provider. */
        TOKEN,
        /** By the one-time password that was printed at the start. */
        PASSWORD
    }

    static Person of(Authentication authentication) {
        Identity identity = Identity.of(authentication);
        return new Person(
                identity.name(),
                identity.full(),
                identity.way(),
                authentication.getAuthorities().stream()
                        .filter(Grant.class::isInstance)
                        .map(Grant.class::cast)
                        .toList());
    }

    /** @param vault a vault's folder in a store, or any text that might be one */
    public boolean maySee(String vault) {
        return grants.stream().anyMatch(grant -> grant.covers(vault));
    }

    public boolean maySee(VaultAddress vault) {
        return maySee(vault.storeName());
    }

    /** Whether there is no vault that they may not see. */
    public boolean seesAll() {
        return grants.stream().anyMatch(grant -> grant.vaults().contains("*"));
    }

    /** Whether there is no vault at which they may not ask for something. */
    public boolean operatesAll() {
        return grants.stream()
                .anyMatch(
                        grant -> grant.role() == Role.OPERATOR && grant.vaults().contains("*"));
    }

    /** @param vault a vault's folder in a store, or any text that might be one */
    public boolean mayOperate(String vault) {
        return grants.stream().anyMatch(grant -> grant.role() == Role.OPERATOR && grant.covers(vault));
    }

    public boolean mayOperate(VaultAddress vault) {
        return mayOperate(vault.storeName());
    }

    /** Whether there is any vault at which they may ask for something. */
    public boolean isOperator() {
        return grants.stream().anyMatch(grant -> grant.role() == Role.OPERATOR);
    }

    /** @throws NotVisibleException which is answered as if there were no such vault */
    public void requireToSee(VaultAddress vault) {
        if (!maySee(vault)) {
            throw new NotVisibleException();
        }
    }

    /**
     * @throws NotVisibleException if it may not even be seen
     * @throws AccessDeniedException if it may be seen and no more
     */
    public void requireToOperate(VaultAddress vault) {
        requireToSee(vault);
        if (!mayOperate(vault)) {
            throw new AccessDeniedException("no operator of " + vault);
        }
    }
}
