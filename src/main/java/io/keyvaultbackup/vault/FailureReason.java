package io.keyvaultbackup.vault;

import java.time.Duration;

/** Why something could not be done, as far as it matters for what to do next. */
public enum FailureReason {
    THROTTLED(
            Remedy.TRY_AGAIN,
            "The vault or its subscription is at its request limit. Lower keyvault-backup.budget, or run when applications are quieter."),
    TIMED_OUT(
            Remedy.TRY_AGAIN,
            "The service did not answer in time. Relaunch; if it stays, raise keyvault-backup.azure.response-timeout."),
    UNAVAILABLE(
            Remedy.TRY_AGAIN,
            "The service is not available. Relaunch later; see Azure's status page for the vault's region."),
    NETWORK(
            Remedy.TRY_AGAIN,
            "The connection failed. Check name resolution, routes, proxy and private endpoint from where this runs."),
    TLS_NOT_TRUSTED(
            Remedy.TRY_AGAIN,
            "If the certificate is your own authority's or an inspecting proxy's, trust it: keyvault-backup.azure.ssl-bundle=extra and spring.ssl.bundle.pem.extra.truststore.certificate=file:/etc/ssl/private-ca.pem. Else check the address, and who answers in its place."),
    TLS_OTHER_HOST(
            Remedy.TRY_AGAIN,
            "The certificate does not hold the name that was asked for; trusting it would not help. Check the address and name resolution (a private endpoint is reached by the service's own name), and who answers in its place."),
    PROXY(
            Remedy.TRY_AGAIN,
            "Check keyvault-backup.azure.proxy.url, .user and .password (or HTTPS_PROXY), and that the proxy lets this host through; what needs no proxy belongs into keyvault-backup.azure.proxy.non-proxy-hosts (or NO_PROXY)."),
    CORRUPT_ANSWER(
            Remedy.TRY_AGAIN,
            "The answer was cut off or is not what the service's API describes. Relaunch; if it stays, check the vault's address, and look for a proxy or a sign-in page that answers in its place."),
    TOO_MANY_VERSIONS(
            Remedy.CHANGE_THE_OBJECT,
            "The service backs up no object with more than 500 versions, and versions cannot be deleted. Start a new object (new name), move its users there, and let this one go."),
    ROLE_MISSING(
            Remedy.CHANGE_PERMISSIONS,
            "The identity lacks the data action in the vault's role assignments. Assign the role that has it on the vault: config/azure/backup-role.json to back up, config/azure/restore-role.json to restore (restore-recover-role.json to recover what was deleted, drill-role.json on a scratch vault)."),
    ACCESS_POLICY_MISSING(
            Remedy.CHANGE_PERMISSIONS,
            "The identity lacks the permission in the vault's access policy. Add list and backup (to restore: list and restore; to recover what was deleted: recover; on a scratch vault: delete and purge) for this kind: az keyvault set-policy."),
    FIREWALL(
            Remedy.CHANGE_PERMISSIONS,
            "The vault's firewall does not let this address in. Add it to the vault's network rules, or run inside the private network."),
    FORBIDDEN(
            Remedy.CHANGE_PERMISSIONS,
            "The service forbids it. Its own words say why; the identity's roles and the vault's rules decide."),
    NOT_AUTHENTICATED(
            Remedy.CHANGE_PERMISSIONS,
            "The service did not accept the identity. Check which credential is in use, its tenant, and that it has not expired."),
    MANAGED_BY_CERTIFICATE(
            Remedy.CHANGE_THE_OBJECT,
            "The object belongs to a certificate of the same name; the certificate's backup holds it."),
    /** Whether a relaunch helps is the certificate's own failure to say. */
    CERTIFICATE_NOT_BACKED_UP(
            Remedy.CHANGE_THE_OBJECT,
            "It is part of the certificate of the same name, which was not backed up. Mend that failure and relaunch."),
    CERTIFICATE_NOT_LISTED(
            Remedy.TRY_AGAIN,
            "It is part of a certificate that appeared while the vault was being listed. Relaunch: the certificates are listed again."),
    DISABLED(
            Remedy.CHANGE_THE_OBJECT,
            "The service refuses this while the object is disabled. Enable it for the time of a backup, or exclude it."),
    NOT_FOUND(Remedy.CHANGE_THE_OBJECT, "The service does not know it. Check the name."),
    NAME_IN_USE(
            Remedy.CHANGE_THE_OBJECT,
            "Nothing was changed: the service can not restore over an object, and nobody should. If that one is to go, delete and purge it first; if it is the one you want, nothing is left to do."),
    NAME_SOFT_DELETED(
            Remedy.CHANGE_THE_OBJECT,
            "An object of that name was deleted there and is kept. Recover it (az keyvault secret|key|certificate recover --name NAME), or purge it for good (… purge) and restore then."),
    NAME_NOT_YET_FREE(
            Remedy.TRY_AGAIN,
            "No object has the name, and yet the service does not give it out: for some seconds after a purge, and while an object is being deleted or recovered. Try again in a minute."),
    PERHAPS_RESTORED(
            Remedy.TRY_AGAIN,
            "It may have been restored all the same: look at the object in the vault. If it is there with the versions that you expect, nothing is left to do; if not, restore again, which overwrites nothing."),
    BACKUP_MALFORMED(
            Remedy.CHANGE_THE_OBJECT,
            "The service can not read these bytes: they are no backup of that kind, or were changed. Take another copy; 'keyvault-backup verify --read-data' says which are whole."),
    OTHER_SECURITY_WORLD(
            Remedy.CHANGE_THE_OBJECT,
            "A backup can be opened only by vaults of the subscription and of the geography where it was made. Restore into a vault of these; keyvault-backup ls tells what the manifest knows of them."),
    COPY_DAMAGED(
            Remedy.CHANGE_THE_OBJECT,
            "The copy in the store is missing, not as it was written, or another object's. Snapshots that share it have lost it as well: 'keyvault-backup find NAME' tells which copy each has. As long as the vault has the object, 'keyvault-backup backup --full' makes a new one; and find out who or what may write or delete in the store: nobody should."),
    STORE_NOT_FOUND(
            Remedy.CHANGE_PERMISSIONS,
            "The store does not exist. Create the container, or the directory's parent, and check its name."),
    STORE_HOST_UNKNOWN(
            Remedy.TRY_AGAIN,
            "No host has the store's name: there is no such storage account, or its name cannot be resolved from where this runs (private endpoint). Check keyvault-backup.store.container-url."),
    STORE_NOT_AUTHORISED(
            Remedy.CHANGE_PERMISSIONS,
            "The identity may not add blobs there. Assign it the role that holds blobs/add/action on the container."),
    STORE_FULL(Remedy.TRY_AGAIN, "The store has no room left. Make room and relaunch."),
    STORE_UNAVAILABLE(
            Remedy.TRY_AGAIN,
            "The store did not answer, or did not do what it should. Relaunch later; if it stays, see whether it can be reached from where this runs (routes, firewall, proxy, private endpoint), and Azure's status page for its region."),
    STORE_IMMUTABLE(
            Remedy.CHANGE_THE_OBJECT,
            "The blob is protected, by a retention or a legal hold: nobody can replace or remove it before that ends."),
    STORE_CONFLICT(Remedy.TRY_AGAIN, "Another blob of that name is there already. A relaunch writes under a new name."),
    REFUSED(Remedy.CHANGE_THE_OBJECT, "The service refused the request. Its own words say why."),
    DISCOVERY_THROTTLED(
            Remedy.TRY_AGAIN,
            "Azure Resource Graph is at its limit for this identity. Relaunch later; let fewer jobs discover at the same moment."),
    DISCOVERY_FORBIDDEN(
            Remedy.CHANGE_PERMISSIONS,
            "The identity may not read which vaults there are. Assign it config/azure/discovery-role.json (or Reader) on the subscriptions."),
    NOTHING_DISCOVERED(
            Remedy.CHANGE_PERMISSIONS,
            "Azure Resource Graph does not tell of what the identity may not read: assign it config/azure/discovery-role.json (or Reader) on the subscriptions. Else look at keyvault-backup.fleet.discovery.subscriptions, .resource-groups, .tags, .include and .exclude."),
    BLOB_MISSING(
            Remedy.TRY_AGAIN,
            "The store no longer holds what this run wrote there, or took over from an earlier snapshot. Relaunch, which makes the copies anew; and find out who or what may delete in the store: nobody should."),
    MANIFEST_UNREADABLE(
            Remedy.CHANGE_THE_OBJECT,
            "Look at the file in the store. If it was damaged, start a new run with another --scheduled-for; if a newer version of this program wrote it, run that one."),
    DEADLINE(
            Remedy.TRY_AGAIN,
            "A relaunch does only what is not done. If every night ends so, give it more time (keyvault-backup.deadline) or more of the vault's limit (keyvault-backup.budget)."),
    LEASE_LOST(
            Remedy.TRY_AGAIN,
            "Another process may hold this vault now, so this one writes no more. A relaunch does only what is not done. If it comes again, look for a machine that sleeps or has no processor left, or a store that does not answer for a minute."),
    STOPPED(
            Remedy.TRY_AGAIN,
            "Whoever starts after that begins nothing of this run. To go on with it: keyvault-backup retry, with its --vault and --run."),
    UNKNOWN(
            Remedy.TRY_AGAIN,
            "Not a failure that this tool knows. Relaunch; if it stays, report it with the request id.");

    private enum Remedy {
        TRY_AGAIN,
        CHANGE_PERMISSIONS,
        CHANGE_THE_OBJECT
    }

    private final Remedy remedy;
    private final String advice;

    FailureReason(Remedy remedy, String advice) {
        this.remedy = remedy;
        this.advice = advice;
    }

    /** As people read it: {@code too many versions}. */
    public String words() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    /** What the operator should do, in a sentence or two. */
    public String advice() {
        return advice;
    }

    /** Whether another run of the same thing can succeed, once what stands outside the object (load, permission, room) is mended. */
    public boolean relaunchMayHelp() {
        return remedy != Remedy.CHANGE_THE_OBJECT;
    }

    /** Whether the same call, made again a little later in the same run, may succeed. */
    public boolean mayPass() {
        return tries() > 1;
    }

    /** How often the same call is made in one run, the first time included; 1 where it is never made again. */
    public int tries() {
        return switch (this) {
            case THROTTLED -> 10;
            case STORE_UNAVAILABLE, DISCOVERY_THROTTLED -> 6;
            case TIMED_OUT, UNAVAILABLE, NETWORK, CORRUPT_ANSWER, STORE_HOST_UNKNOWN -> 4;
            case NAME_NOT_YET_FREE -> 5;
            default -> 1;
        };
    }

    /** How long to wait before the second try; each later wait is twice as long. None when throttled: the pacer holds back every call. */
    public Duration firstWait() {
        return mayPass() && this != THROTTLED ? Duration.ofSeconds(1) : Duration.ZERO;
    }

    /** Whether it is the store that is not there. */
    public boolean isMissingStore() {
        return this == STORE_NOT_FOUND || this == STORE_HOST_UNKNOWN;
    }

    /** Whether it is permission that is missing, at the vault or at the store. */
    public boolean isMissingPermission() {
        return switch (this) {
            case ROLE_MISSING,
                    ACCESS_POLICY_MISSING,
                    FIREWALL,
                    FORBIDDEN,
                    NOT_AUTHENTICATED,
                    STORE_NOT_AUTHORISED,
                    DISCOVERY_FORBIDDEN -> true;
            default -> false;
        };
    }
}
