package io.keyvaultbackup.dashboard.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What somebody may do by the claims of their token. Immutable. */
final class Grants {

    /** The claim is not in the token, as it would be too long: the token says so, and where it can be asked for. */
    private static final String ELSEWHERE = "_claim_names";

    private final String claim;
    private final List<AccessProperties.Granted> granted;

    Grants(AccessProperties properties) {
        this.claim = properties.roleClaim();
        this.granted = properties.grants();
    }

    /** @throws NotLetInException if it is nothing */
    Collection<Grant> of(Map<String, Object> claims) {
        Collection<String> values = values(claims);
        List<Grant> grants = new ArrayList<>();
        for (AccessProperties.Granted one : granted) {
            if (one.role() != null && values.contains(one.value())) {
                grants.add(new Grant(one.role(), one.vaults()));
            }
        }
        if (grants.isEmpty()) {
            throw new NotLetInException(
                    claims.get(ELSEWHERE) instanceof Map<?, ?> elsewhere && elsewhere.containsKey(claim)
                            ? LoginRefusal.TOO_MANY_GROUPS
                            : LoginRefusal.NO_ROLE);
        }
        return grants;
    }

    private Collection<String> values(Map<String, Object> claims) {
        Object found = claims.containsKey(claim) ? claims.get(claim) : within(claims);
        return switch (found) {
            case String one -> List.of(one);
            case Collection<?> many ->
                many.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }

    private @Nullable Object within(Map<String, Object> claims) {
        Object found = claims;
        for (String part : claim.split("\\.", -1)) {
            found = found instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return found;
    }
}
