package io.keyvaultbackup.vault.azure;

import io.keyvaultbackup.signature.KeyId;
import io.keyvaultbackup.signature.KeyIdGiven;
import io.keyvaultbackup.signature.SignatureProperties;
import io.keyvaultbackup.signature.Signer;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** Makes the signer, if the configuration names a key of a vault. */
@Configuration(proxyBeanMethods = false)
@Import(AzureVaults.class)
public class SigningConfiguration {

    @Bean
    @Lazy // who only checks signatures needs nobody's identity
    @Conditional(KeyIdGiven.class)
    Signer keyVaultSigner(SignatureProperties properties, AzureVaults vaults) {
        return vaults.signer(KeyId.parse(Optional.ofNullable(properties.keyId()).orElseThrow()));
    }
}
