/**
 * Plans for fleets that no machine here can hold: a cost model whose figures are measured, and nights that are simulated with the real pacers on a clock of their own. What it
 * comes to is in docs/scale.md.
 */
@NullMarked
package io.keyvaultbackup.scale;

import org.jspecify.annotations.NullMarked;
