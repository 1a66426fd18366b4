package io.keyvaultbackup.dashboard.access;

import io.keyvaultbackup.run.Selection;
import java.util.List;
import org.springframework.security.core.GrantedAuthority;

/**
 * A role at some vaults. Immutable.
 *
 * @param vaults patterns, held against the vault's folder in a store (its host name) and against its name alone
 */
public record Grant(Role role, List<String> vaults) implements GrantedAuthority {

    static final String VIEWER = "viewer";
    static final String OPERATOR = "operator";

    public Grant {
        vaults = List.copyOf(vaults);
    }

    static Grant everywhere(Role role) {
        return new Grant(role, List.of("*"));
    }

    /** @param vault the vault's folder in a store */
    boolean covers(String vault) {
        String name = vault.split("[._]", 2)[0];
        return vaults.stream()
                .anyMatch(pattern -> Selection.matches(pattern, vault) || Selection.matches(pattern, name));
    }

    @Override
    public String getAuthority() {
        return role == Role.OPERATOR ? OPERATOR : VIEWER;
    }
}
