/**
 * A run: one vault at one scheduled time, as the verbs and the jobs speak of it. Requests, selections, results and progress are
 * values; {@link io.keyvaultbackup.run.BackupRuns} is the port through which a verb starts what the jobs do. No I/O lives here.
 */
@NullMarked
package io.keyvaultbackup.run;

import org.jspecify.annotations.NullMarked;
