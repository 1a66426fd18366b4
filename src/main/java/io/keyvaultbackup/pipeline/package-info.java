/**
 * The one piece of concurrency in the product: a stage that works ahead on virtual threads and hands results on in the order in
 * which they finish. It knows nothing of vaults or stores.
 */
@NullMarked
package io.keyvaultbackup.pipeline;

import org.jspecify.annotations.NullMarked;
