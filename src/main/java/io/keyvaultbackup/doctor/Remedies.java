package io.keyvaultbackup.doctor;

import io.keyvaultbackup.azure.CurrentIdentity;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import org.jspecify.annotations.Nullable;

/** What mends a vault's refusal, as exactly as is known: the data action, and the command that grants it. */
final class Remedies {

    private static final String ROLE = "Key Vault Backup Operator (keyvault-backup)";

    private final String name;
    private final String objectId;

    Remedies(VaultAddress vault, CurrentIdentity.@Nullable Owner owner) {
        String host = vault.uri().getHost();
        this.name = host.contains(".") ? host.substring(0, host.indexOf('.')) : host;
        this.objectId = owner == null || owner.objectId() == null ? "OBJECT-ID" : owner.objectId();
    }

    String vaultName() {
        return name;
    }

    String listing(ObjectKind kind, Failure failure) {
        return of(
                failure, kind, kind == ObjectKind.SECRET ? "secrets/readMetadata/action" : kind.collection() + "/read");
    }

    String backup(ObjectKind kind, Failure failure) {
        return of(failure, kind, kind.collection() + "/backup/action");
    }

    private String of(Failure failure, ObjectKind kind, String dataAction) {
        return switch (failure.reason()) {
            case ROLE_MISSING, FORBIDDEN ->
                "Needs Microsoft.KeyVault/vaults/" + dataAction + ": az role assignment create --role \"" + ROLE
                        + "\" --assignee-object-id " + objectId
                        + " --assignee-principal-type ServicePrincipal --scope \"$(az keyvault show --name " + name
                        + " --query id --output tsv)\" (the role: config/azure/backup-role.json)";
            case ACCESS_POLICY_MISSING ->
                "Needs the access policy: az keyvault set-policy --name " + name + " --object-id " + objectId + " --"
                        + kind.name().toLowerCase(java.util.Locale.ROOT) + "-permissions list backup";
            case FIREWALL ->
                "Let this machine in: az keyvault network-rule add --name " + name
                        + " --ip-address ADDRESS (the service's words name it), or use a private endpoint";
            default -> failure.reason().advice();
        };
    }
}
