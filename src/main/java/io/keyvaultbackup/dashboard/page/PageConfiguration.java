package io.keyvaultbackup.dashboard.page;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import({
    AskingPages.class,
    AuditPages.class,
    DiffPages.class,
    ErrorPages.class,
    FleetPages.class,
    HistoryPages.class,
    PageProblems.class,
    PlanPages.class,
    RequestPages.class,
    RunPages.class,
    SearchPages.class,
    SnapshotPages.class,
    Surroundings.class,
    VaultPages.class
})
public class PageConfiguration {}
