package io.keyvaultbackup.testservices;

/** The data actions of Blob Storage that an identity of {@link ImmutableStorage} may have. */
public enum StorageRight {
    /** {@code blobs/read}: Get Blob, Get Blob Properties, List Blobs. */
    READ,
    /** {@code blobs/add/action}: Put Blob under a name that is free. */
    ADD,
    /** {@code blobs/write}: Put Blob, whatever has the name. */
    WRITE,
    /** {@code blobs/delete}: Delete Blob of the current version. */
    DELETE,
    /** {@code blobs/deleteBlobVersion/action}: Delete Blob of a previous version. */
    DELETE_VERSION,
    /** {@code blobs/immutableStorage/runAsSuperUser/action}: Set Blob Immutability Policy, Delete Blob Immutability Policy, legal holds. */
    SET_POLICY,
    /** {@code containers/read}: Get Container Properties. */
    READ_CONTAINER,
    /** {@code blobServices/read}, at the account: Get Blob Service Properties. */
    READ_SERVICE
}
