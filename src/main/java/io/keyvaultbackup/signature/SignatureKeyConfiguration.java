package io.keyvaultbackup.signature;

import io.keyvaultbackup.run.ConfigurationCheck;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the public key that signatures are checked with: also for a program that signs nothing. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SignatureProperties.class)
public class SignatureKeyConfiguration {

    @Bean
    static ConfigurationCheck signatureKeyCheck(SignatureProperties properties) {
        return properties::problemsOfChecking;
    }

    @Bean
    SignatureKey signatureKey(SignatureProperties properties) {
        return new SignatureKey(Optional.ofNullable(properties.publicKeyFile())
                .map(PemKeys::publicKey)
                .orElse(null));
    }
}
