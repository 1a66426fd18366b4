/**
 * How what somebody asks for at the dashboard gets done: it is written down in the job database ({@code ledger.Requests}), and then a {@link
 * io.keyvaultbackup.dashboard.request.Launching} has it done by somebody who may. On Kubernetes that is a Job made from a CronJob's template ({@code
 * KubernetesLaunching}): the web process's own account may read that CronJob and create Jobs, and nothing else. Elsewhere it is a worker process
 * that looks into the database by itself ({@code QueuedLaunching}).
 */
@NullMarked
package io.keyvaultbackup.dashboard.request;

import org.jspecify.annotations.NullMarked;
