package io.keyvaultbackup.fleet;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import(Shares.class)
public class FleetConfiguration {}
