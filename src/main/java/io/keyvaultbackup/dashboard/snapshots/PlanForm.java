package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What somebody wants planned, in their words.
 *
 * @param target the vault into which it would be restored, by its address or its folder in a store
 * @param kinds by their words; none for all
 * @param include patterns of objects; none for all
 * @param exclude patterns of objects
 */
public record PlanForm(String target, List<String> kinds, List<String> include, List<String> exclude) {

    public static final PlanForm EMPTY = new PlanForm("", List.of(), List.of(), List.of());

    public PlanForm {
        target = target.strip();
        kinds = List.copyOf(kinds);
        include = patterns(include);
        exclude = patterns(exclude);
    }

    /** One a line. */
    private static List<String> patterns(List<String> given) {
        return given.stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList();
    }

    /** @throws IllegalArgumentException with a sentence for people, if there is no such vault */
    public VaultAddress targetVault() {
        return target.contains("://")
                ? VaultAddress.parse(target)
                : VaultAddress.ofStoreName(target)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "'" + target + "' is not a vault's address; it looks like team-b.vault.azure.net"));
    }

    /** @throws IllegalArgumentException with a sentence for people, if nobody can do it so */
    public Wish wish(VaultAddress vault, SnapshotId snapshot) {
        Set<ObjectKind> chosen = kinds.isEmpty()
                ? EnumSet.allOf(ObjectKind.class)
                : kinds.stream().map(ObjectKind::ofWord).collect(Collectors.toSet());
        return Wish.restorePlan(vault, snapshot, targetVault(), new Selection(chosen, include, exclude));
    }
}
