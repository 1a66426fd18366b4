package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The documentation of properties is complete, and the reference is what it says. */
class ConfigurationReferenceTest {

    private static final Path FILE = Path.of("docs/configuration.md");

    private final KnownProperties known = KnownProperties.onTheClassPath();

    @Test
    void everyPropertyHasADescriptionOfItsOwn() {
        assertThat(known.all()).hasSizeGreaterThan(15).allSatisfy(property -> {
            assertThat(property.description())
                    .as("@param of %s in the record that reads it", property.name())
                    .isNotBlank()
                    .hasSizeGreaterThan(10)
                    // the processor takes "@param containerUrl" for "@param container" if that one comes later
                    .matches("(?s)[a-z{].*");
        });
    }

    @Test
    void theReferenceIsWhatTheMetadataSays() throws IOException {
        String expected = ConfigurationReference.of(known);
        if (Boolean.getBoolean("configuration-reference.write")) {
            Files.writeString(FILE, expected);
        }

        assertThat(FILE)
                .as(
                        "to write it anew: ./mvnw test -Dtest=ConfigurationReferenceTest -Dconfiguration-reference.write=true")
                .hasContent(expected);
    }
}
