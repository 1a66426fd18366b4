/**
 * What pages and API show, assembled from the core: values, read from the job database and the store, either of which may be missing
 * ({@link io.keyvaultbackup.dashboard.view.Reading}). Nothing of the web is here.
 */
@NullMarked
package io.keyvaultbackup.dashboard.view;

import org.jspecify.annotations.NullMarked;
