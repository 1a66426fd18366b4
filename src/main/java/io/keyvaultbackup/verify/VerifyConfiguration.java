package io.keyvaultbackup.verify;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import({VerificationLauncher.class, VerifyMeters.class})
public class VerifyConfiguration {}
