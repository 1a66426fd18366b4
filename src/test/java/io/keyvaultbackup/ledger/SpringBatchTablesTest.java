package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ClassPathResource;

class SpringBatchTablesTest {

    @ParameterizedTest
    @CsvSource({
        "h2, b3a9747dd8e40aa8f1c741f7f4314afbd4139a815665289217f9bfc6a98a7c6d",
        "postgresql, f2ac75cae966e4eb1cd97ee6b11f130495b7109153754a7983befb87614d6e38"
    })
    void theScriptThatExistingDatabasesWereMadeWithIsTheLibrarysStill(String database, String sha256)
            throws IOException, NoSuchAlgorithmException {
        // given
        ClassPathResource script = new ClassPathResource(SpringBatchTables.SCRIPT.formatted(database));

        // when
        byte[] digest;
        try (InputStream input = script.getInputStream()) {
            digest = MessageDigest.getInstance("SHA-256").digest(input.readAllBytes());
        }

        // then
        assertThat(HexFormat.of().formatHex(digest))
                .as(
                        "Spring Batch changed %s. Databases that exist keep the old tables: compare the two scripts, write a"
                                + " migration (src/main/resources/db/migration) that brings a new and an old database to the"
                                + " same tables, and only then record the new checksum here.",
                        script.getPath())
                .isEqualTo(sha256);
    }
}
