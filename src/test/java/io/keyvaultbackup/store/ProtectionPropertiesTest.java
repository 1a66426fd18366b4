package io.keyvaultbackup.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ProtectionPropertiesTest {

    private static final Map<String, String> CONTAINER =
            Map.of("keyvault-backup.store.container-url", "https://myaccount.blob.core.windows.net/backups");

    private static List<String> problems(Duration immutableFor, Map<String, String> store) {
        StoreProperties properties = new Binder(new MapConfigurationPropertySource(store))
                .bind(StoreProperties.PREFIX, StoreProperties.class)
                .get();
        return new ProtectionProperties(immutableFor, ProtectionMode.UNLOCKED, false).problems(properties);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P30D", "P146000D"})
    void takesWhatTheServiceTakes(String length) {
        assertThat(problems(Duration.parse(length), CONTAINER)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1DT-1S", "P146000DT1S", "PT0S", "P-1D"})
    void refusesWhatTheServiceWouldRefuse(String length) {
        Duration immutableFor = Duration.parse(length);

        assertThat(problems(immutableFor, CONTAINER))
                .containsExactly("keyvault-backup.store.immutable-for (--immutable-for): " + immutableFor.toSeconds()
                        + "s is not from 1d to 146000d, such as 30d");
    }

    @Test
    void aDirectoryProtectsNothing() {
        assertThat(problems(Duration.ofDays(30), Map.of("keyvault-backup.store.directory", "/var/backups")))
                .singleElement()
                .asString()
                .contains("a directory (/var/backups) can protect nothing");
    }
}
