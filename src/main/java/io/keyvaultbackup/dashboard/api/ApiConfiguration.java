package io.keyvaultbackup.dashboard.api;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import({
    AuditResource.class,
    DescriptionResource.class,
    FleetResource.class,
    NamedVault.class,
    ObjectResource.class,
    PlanResource.class,
    Problems.class,
    RequestResource.class,
    RunDetailResource.class,
    RunResource.class,
    SnapshotResource.class
})
public class ApiConfiguration {}
