/**
 * Whether the sources of what the dashboard shows answer, and whether the vaults' copies are as new as they should be, as groups of health on the management
 * port. Everything comes from {@link io.keyvaultbackup.dashboard.view.FleetReader}, which has it in the background: nobody who asks waits for a source that
 * hangs. What Kubernetes asks for, liveness and readiness, is of the process alone.
 */
@NullMarked
package io.keyvaultbackup.dashboard.health;

import org.jspecify.annotations.NullMarked;
