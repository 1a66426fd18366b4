package io.keyvaultbackup.dashboard.live;

import io.keyvaultbackup.dashboard.view.RunDetailReader;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
public class LiveConfiguration {

    @Bean
    RunFeeds runFeeds(RunDetailReader reader, InstantSource clock) {
        return new RunFeeds(reader, clock);
    }
}
