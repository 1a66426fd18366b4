package io.keyvaultbackup.verify;

import io.keyvaultbackup.vault.ObjectId;

/** A copy as the manifest tells of it. */
record Copy(ObjectId id, String blob, long size, String sha256) {}
