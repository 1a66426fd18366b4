package io.keyvaultbackup.verify;

import io.keyvaultbackup.vault.ObjectId;
import org.jspecify.annotations.Nullable;

/** A copy as the manifest tells of it. */
record Copy(ObjectId id, String blob, @Nullable String version, long size, String sha256) {}
