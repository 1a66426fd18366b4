/**
 * How meters leave the process: pushed to a Pushgateway, one group for each job and vault, or sent to an OTLP receiver; both only where they
 * are configured, and nothing of their libraries is loaded where they are not. Features count with Micrometer alone and say here that a job of
 * a vault ended. The only place that sees Prometheus's client and OTLP. What fails here is told and counted, and never changes how a job ends.
 */
@NullMarked
package io.keyvaultbackup.telemetry;

import org.jspecify.annotations.NullMarked;
