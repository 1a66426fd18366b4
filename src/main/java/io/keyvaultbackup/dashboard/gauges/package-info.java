/** How all vaults stand, as gauges on the management port: what the fleet's page shows, for Prometheus and its alerts. */
@NullMarked
package io.keyvaultbackup.dashboard.gauges;

import org.jspecify.annotations.NullMarked;
