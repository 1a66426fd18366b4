package io.keyvaultbackup.snapshot;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import({Catalogue.class, CheckedCopies.class, JobTimes.class, RunStops.class, SnapshotLabels.class})
public class SnapshotConfiguration {}
