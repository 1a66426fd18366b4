package io.keyvaultbackup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A manifest's place in the chain of all manifests of its vault, in the order in which they were sealed. Each holds the SHA-256 of the one
 * before it, so that none can be changed or taken away from among them unseen.
 *
 * @param number from 1; 0 in manifests of before there was a chain
 * @param previous the name of the manifest before this one; null for the first
 * @param sha256 of the previous manifest's bytes
 */
public record ChainLink(
        long number, @Nullable String previous, @Nullable String sha256) {

    /** Of a manifest that is in no chain. */
    public static final ChainLink NONE = new ChainLink(0, null, null);
}
