package io.keyvaultbackup.dashboard.gauges;

import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.telemetry.VaultGauges;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
public class GaugesConfiguration {

    /** Nobody asks for it; it begins with the application. */
    @Bean(initMethod = "begin")
    @Lazy(false)
    FleetGauges fleetGauges(FleetReader fleet, MeterRegistry registry) {
        return new FleetGauges(fleet, new VaultGauges(registry));
    }
}
