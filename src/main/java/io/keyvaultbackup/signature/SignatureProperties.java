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
 * @param publicKeyFile ask every manifest for a signature of the owner of this public key, a PEM file
 */
@ConfigurationProperties(SignatureProperties.PREFIX)
public record SignatureProperties(
        @Nullable Path keyFile, @Nullable Path publicKeyFile) {

    static final String PREFIX = "keyvault-backup.signature";

    public SignatureProperties {
        keyFile = keyFile == null || keyFile.toString().isBlank() ? null : keyFile;
        publicKeyFile = publicKeyFile == null || publicKeyFile.toString().isBlank() ? null : publicKeyFile;
    }

    /** What is wrong, in sentences; the key files are read. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
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
