/**
 * The only place that keeps blobs as files: written beside their place, forced to disk, and moved there at once, never over another.
 */
@NullMarked
package io.keyvaultbackup.store.directory;

import org.jspecify.annotations.NullMarked;
