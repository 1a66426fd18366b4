/**
 * What is asked of a restore and told of it: the verbs' way to the restore job, which is a feature of its own. Values and ports; no work is done here.
 */
@NullMarked
package io.keyvaultbackup.recovery;

import org.jspecify.annotations.NullMarked;
