package io.keyvaultbackup.doctor;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import(DoctorRound.class)
public class DoctorConfiguration {}
