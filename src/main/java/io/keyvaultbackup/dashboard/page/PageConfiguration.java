package io.keyvaultbackup.dashboard.page;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import({ErrorPages.class, FleetPages.class, VaultPages.class})
public class PageConfiguration {}
