/**
 * Snapshots and their objects, as pages and API show them: read from the store's catalogue, and beside it from the job database, which knows what verifications and
 * drills came to, and objects of runs without opening a manifest. Either may be missing. Listings, heads and small manifests are kept for a while
 * ({@link io.keyvaultbackup.dashboard.snapshots.StoredCatalogue}); large ones are read object by object each time. Nothing of the web is here.
 */
@NullMarked
package io.keyvaultbackup.dashboard.snapshots;

import org.jspecify.annotations.NullMarked;
