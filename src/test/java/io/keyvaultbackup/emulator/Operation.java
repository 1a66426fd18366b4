package io.keyvaultbackup.emulator;

/** What a request asks of a vault. */
public enum Operation {
    LIST,
    VERSIONS,
    GET,
    /** A new version of a secret. */
    SET,
    /** A new version of a key or certificate, made by the vault. */
    CREATE,
    /** A new version of a key or certificate, made elsewhere. */
    IMPORT,
    UPDATE,
    DELETE,
    LIST_DELETED,
    GET_DELETED,
    RECOVER,
    PURGE,
    BACKUP,
    RESTORE,
    /** A signature by a key. */
    SIGN,
    /** The state of a certificate's creation. */
    PENDING,
    /** The policy of a certificate. */
    POLICY,
    /** A request without a valid token, whatever it asked for. */
    CHALLENGE,
    /** An address that the service does not know. */
    UNKNOWN
}
