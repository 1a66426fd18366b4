/**
 * How meters and spans leave the process: meters pushed to a Pushgateway, one group for each job and vault, or sent to an OTLP receiver; both only where they
 * are configured, and nothing of their libraries is loaded where they are not. Features count with Micrometer alone and say here that a job of
 * a vault ended; what they are at they tell {@code Traces}, for spans and for the fields of log lines, as threads carry them on. The only place
 * that sees Prometheus's client, OTLP and tracing. What fails here is told and counted, and never changes how a job ends.
 */
@NullMarked
package io.keyvaultbackup.telemetry;

import org.jspecify.annotations.NullMarked;
