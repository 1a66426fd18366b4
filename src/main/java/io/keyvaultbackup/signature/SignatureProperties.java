package io.keyvaultbackup.signature;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who signs manifests, and whose signature is asked for when they are read; neither if nothing is given.
 *
 * @param keyFile sign with the private key in this PEM file (PKCS #8, curve P-256)
 * @param keyVaultKey sign with this key of a Key Vault, another one than those that are backed up, as
 *     {@code https://signing.vault.azure.net/keys/manifests/0123456789abcdef0123456789abcdef}
 * @param publicKeyFile ask every manifest for a signature of the owner of this public key, a PEM file
 */
@ConfigurationProperties(SignatureProperties.PREFIX)
public record SignatureProperties(
        @Nullable Path keyFile,
        @Nullable URI keyVaultKey,
        @Nullable Path publicKeyFile) {

    static final String PREFIX = "keyvault-backup.signature";

    private static final Pattern KEY = Pattern.compile("https://[^/?#@]+/keys/[0-9A-Za-z-]{1,127}/[0-9a-f]{32}");

    public SignatureProperties {
        keyFile = keyFile == null || keyFile.toString().isBlank() ? null : keyFile;
        keyVaultKey = keyVaultKey == null || keyVaultKey.toString().isBlank() ? null : keyVaultKey;
        publicKeyFile = publicKeyFile == null || publicKeyFile.toString().isBlank() ? null : publicKeyFile;
    }

    /** What is wrong, in sentences; the key files are read. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (keyFile != null && keyVaultKey != null) {
            problems.add(PREFIX
                    + ".key-file and .key-vault-key are both given; a manifest has one signature: leave one out");
        }
        if (keyVaultKey != null && !KEY.matcher(keyVaultKey.toString()).matches()) {
            problems.add(PREFIX + ".key-vault-key: " + keyVaultKey.toString().replaceAll("[?#].*", "?(hidden)")
                    + " is not a version of a key; it looks like"
                    + " https://signing.vault.azure.net/keys/manifests/0123456789abcdef0123456789abcdef");
        }
        look(problems, "key-file", keyFile, PemKeys::privateKey);
        look(problems, "public-key-file", publicKeyFile, PemKeys::publicKey);
        return problems;
    }

    private interface Look {
        Object at(Path file);
    }

    private static void look(List<String> problems, String property, @Nullable Path file, Look look) {
        if (file != null) {
            try {
                look.at(file);
            } catch (IllegalArgumentException wrong) {
                problems.add(PREFIX + "." + property + ": " + wrong.getMessage());
            }
        }
    }
}
