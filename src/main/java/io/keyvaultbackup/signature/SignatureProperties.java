package io.keyvaultbackup.signature;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who signs manifests, and whose signature is asked for when they are read; neither if nothing is given.
 *
 * @param keyFile sign with the private key in this PEM file (PKCS #8, curve P-256)
 * @param keyId sign with this version of a key (EC, P-256) in a vault, another one than those that are backed up
 * @param publicKeyFile ask every manifest for a signature of the owner of this public key, a PEM file
 */
@ConfigurationProperties(SignatureProperties.PREFIX)
public record SignatureProperties(
        @Nullable Path keyFile,
        @Nullable String keyId,
        @Nullable Path publicKeyFile) {

    public static final String PREFIX = "keyvault-backup.signature";

    public SignatureProperties {
        keyFile = keyFile == null || keyFile.toString().isBlank() ? null : keyFile;
        keyId = keyId == null || keyId.isBlank() ? null : keyId;
        publicKeyFile = publicKeyFile == null || publicKeyFile.toString().isBlank() ? null : publicKeyFile;
    }

    /** What is wrong with the key that signs, in sentences; its file is read. */
    List<String> problemsOfSigning() {
        List<String> problems = new ArrayList<>();
        look(problems, "key-file", keyFile, PemKeys::privateKey);
        look(problems, "key-id", keyId, KeyId::parse);
        if (keyFile != null && keyId != null) {
            problems.add(PREFIX + ".key-id: " + keyId + " is one key, and " + PREFIX
                    + ".key-file another; give one of them");
        }
        return problems;
    }

    /** What is wrong with the key that signatures are checked with, in sentences; its file is read. */
    List<String> problemsOfChecking() {
        List<String> problems = new ArrayList<>();
        look(problems, "public-key-file", publicKeyFile, PemKeys::publicKey);
        return problems;
    }

    private interface Look<T> {
        Object at(T value);
    }

    private static <T> void look(List<String> problems, String property, @Nullable T value, Look<T> look) {
        if (value != null) {
            try {
                look.at(value);
            } catch (IllegalArgumentException wrong) {
                problems.add(PREFIX + "." + property + ": " + wrong.getMessage());
            }
        }
    }
}
