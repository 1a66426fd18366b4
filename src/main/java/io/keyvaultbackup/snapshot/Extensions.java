package io.keyvaultbackup.snapshot;

/** Protects what snapshots need for as long as they need it; the verb's way to who does. */
public interface Extensions {

    /** Whether the store that has this vault's copies can protect anything. */
    boolean isPossibleFor(String vault);

    /**
     * Compares how long each copy, manifest and signature is protected with what the vault's snapshots promise, and prolongs what ends early. The
     * same again goes on where it was broken off. Nothing is ever shortened.
     *
     * @param dryRun only to count
     * @throws io.keyvaultbackup.run.RunRefusedException if the store protects nothing
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be read
     */
    Extension extend(String vault, boolean dryRun);
}
