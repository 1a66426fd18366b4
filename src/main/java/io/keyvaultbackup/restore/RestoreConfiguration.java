package io.keyvaultbackup.restore;

import io.keyvaultbackup.run.ConfigurationCheck;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RestoreProperties.class)
@Import({
    DrillLauncher.class,
    DrillMeters.class,
    FileRestore.class,
    HeldTarget.class,
    RestoreLauncher.class,
    RestoreParts.class,
    TargetWorld.class
})
public class RestoreConfiguration {

    @Bean
    static ConfigurationCheck restoreCheck(RestoreProperties properties) {
        return properties::problems;
    }
}
