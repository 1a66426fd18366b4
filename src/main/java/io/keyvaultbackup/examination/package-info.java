/**
 * What an examination of the surroundings (identity, vaults, store, database) finds, and who can be asked for one. The core's parts
 * examine themselves; the doctor asks them all. Nothing here knows how.
 */
@NullMarked
package io.keyvaultbackup.examination;

import org.jspecify.annotations.NullMarked;
