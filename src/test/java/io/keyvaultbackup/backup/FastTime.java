package io.keyvaultbackup.backup;

import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pacing.TestStopwatch;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Waits pass at once. A test configuration: the application's own scan must not find it. */
@TestConfiguration(proxyBeanMethods = false)
public class FastTime {

    @Bean
    @Primary
    Stopwatch fastStopwatch() {
        return new TestStopwatch();
    }
}
