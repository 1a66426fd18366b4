package io.keyvaultbackup.signature;

import io.keyvaultbackup.run.ConfigurationCheck;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Makes the signer, if the configuration has one of a file. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SignatureProperties.class)
public class SignatureConfiguration {

    @Bean
    static ConfigurationCheck signatureCheck(SignatureProperties properties) {
        return properties::problemsOfSigning;
    }

    @Bean
    @Conditional(KeyFileGiven.class)
    Signer fileSigner(SignatureProperties properties) {
        return FileSigner.of(Optional.ofNullable(properties.keyFile()).orElseThrow());
    }
}
