package io.keyvaultbackup.emulator;

import java.time.Instant;

/** An object that was deleted and can be recovered. */
record DeletedObject(StoredObject object, Instant deletedAt) {}
