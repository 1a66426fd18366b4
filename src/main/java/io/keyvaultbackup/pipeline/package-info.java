/**
 * What carries a job, whatever it does. The one piece of concurrency in the product: a stage that works ahead on virtual threads and hands
 * results on in the order in which they finish; and what an execution needs around its steps: calls that can be stopped, a lease that is kept,
 * an end for what died. It knows nothing of vaults, nor of what a store holds.
 */
@NullMarked
package io.keyvaultbackup.pipeline;

import org.jspecify.annotations.NullMarked;
