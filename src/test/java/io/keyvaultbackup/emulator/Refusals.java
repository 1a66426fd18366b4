package io.keyvaultbackup.emulator;

/** The words with which the service forbids. */
final class Refusals {

    private Refusals() {}

    static String messageOf(String innerCode) {
        return switch (innerCode) {
            case "ForbiddenByRbac" -> """
                Caller is not authorized to perform action on resource.
                If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.
                Caller: appid=00000000-0000-0000-0000-00000000000a;oid=00000000-0000-0000-0000-00000000000b;iss=https://sts.windows.net/00000000-0000-0000-0000-00000000000c/
                Action: 'Microsoft.KeyVault/vaults/secrets/backup/action'
                Resource: '/subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/emulated/providers/microsoft.keyvault/vaults/emulated'
                Assignment: (not found)
                DenyAssignmentId: null
                DecisionReason: null
                Vault: emulated;location=westeurope
                """;
            case "AccessDenied" ->
                "The user, group or application 'appid=00000000-0000-0000-0000-00000000000a;oid=00000000-0000-0000-0000-00000000000b' does not have the permission on key vault 'emulated;location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287";
            case "ForbiddenByFirewall" ->
                "Client address is not authorized and caller is not a trusted service.\nClient address: 127.0.0.1\nCaller: appid=00000000-0000-0000-0000-00000000000a\nVault: emulated;location=westeurope";
            default -> "Operation is not allowed: " + innerCode;
        };
    }
}
