/**
 * The only place that sees the Blob SDK.
 */
@NullMarked
package io.keyvaultbackup.store.azure;

import org.jspecify.annotations.NullMarked;
