package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class UnknownPropertiesTest {

    private final KnownProperties known = new KnownProperties(List.of(
            KnownProperty.of("keyvault-backup.data-directory", "java.nio.file.Path", null, "./data"),
            KnownProperty.of("keyvault-backup.vaults", "java.util.List<java.lang.String>", null, null),
            KnownProperty.of("keyvault-backup.labels", "java.util.Map<java.lang.String,java.lang.String>", null, null),
            KnownProperty.of("keyvault-backup.store.sas-token", "java.lang.String", null, null)));

    private List<String> problems(String name, String value) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("file", Map.of(name, value)));
        return new UnknownProperties(known).in(environment);
    }

    private List<String> problemsOfVariable(String variable) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("variables", Map.of(variable, "x")));
        return new UnknownProperties(known).in(environment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyvault-backup.data-directory",
                "keyvault-backup.dataDirectory",
                "keyvault-backup.data_directory",
                "keyvaultbackup.datadirectory",
                "keyvault-backup.vaults",
                "keyvault-backup.vaults[0]",
                "keyvault-backup.vaults[17]",
                "keyvault-backup.labels.team",
                "keyvault-backup.labels.a.b",
                "keyvault-backup.labels[a/b]",
                "keyvault-backup.store.sasToken",
                "spring.main.banner-moed",
                "keyvault.other",
                "key",
                ""
            })
    void everySpellingOfAKnownPropertyIsKnownAndOthersAreNotOurs(String name) {
        assertThat(problems(name, "x")).isEmpty();
    }

    /** What a list's elements have, and what such a part has in turn. */
    @ParameterizedTest
    @CsvSource({
        "keyvault-backup.fleet.vaults[0].store.sas-token, true",
        "keyvault-backup.fleet.vaults[0].store.leaseContainer, true",
        "keyvault-backup.fleet.vaults[3].retention.keep-tags[1], true",
        "keyvault-backup.fleet.vaults[3].retention.keep-daily, true",
        "keyvault-backup.fleet.vaults[0].store.lease, false",
        "keyvault-backup.fleet.vaults[0].sas-token, false",
        "keyvault-backup.fleet.vaults[0].store.store.directory, false",
        "keyvault-backup.fleet.vaults[3].retention.zone, false"
    })
    void thePartsOfAPartAreKnown(String name, boolean isKnown) {
        KnownProperties real = KnownProperties.onTheClassPath();
        assertThat(real.of(ConfigurationPropertyName.adapt(name, '.')) != null).isEqualTo(isKnown);
        KnownProperty list =
                Objects.requireNonNull(real.of(ConfigurationPropertyName.of("keyvault-backup.fleet.vaults")));
        String variable =
                name.replaceAll("[-\\]]", "").replaceAll("[.\\[]", "_").toUpperCase(Locale.ROOT);
        assertThat(list.isElementVariable(list.environmentVariable(), variable)).isEqualTo(isKnown);
    }

    @Test
    void aGroupWithNothingInItIsNothing() {
        assertThat(problems("keyvault-backup.store", "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KEYVAULTBACKUP_DATADIRECTORY",
                "KEYVAULT_BACKUP_DATA_DIRECTORY",
                "KEYVAULTBACKUP_VAULTS",
                "KEYVAULTBACKUP_VAULTS_0",
                "KEYVAULTBACKUP_VAULTS_0_",
                "KEYVAULTBACKUP_LABELS_TEAM",
                "KEYVAULTBACKUP_STORE_SASTOKEN",
                "KEYVAULT_BACKUP",
                "KEYVAULT_URL",
                "PATH",
                // what Kubernetes gives every pod for services named keyvault-backup and keyvault-backup-dashboard
                "KEYVAULT_BACKUP_SERVICE_HOST",
                "KEYVAULT_BACKUP_SERVICE_PORT",
                "KEYVAULT_BACKUP_SERVICE_PORT_HTTP",
                "KEYVAULT_BACKUP_PORT",
                "KEYVAULT_BACKUP_PORT_8080_TCP",
                "KEYVAULT_BACKUP_PORT_8080_TCP_ADDR",
                "KEYVAULT_BACKUP_DASHBOARD_SERVICE_HOST",
                "KEYVAULT_BACKUP_DASHBOARD_PORT_443_TCP_PROTO"
            })
    void variablesThatAreKnownOrNotMeantForUs(String variable) {
        assertThat(problemsOfVariable(variable)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "keyvault-backup.data-directroy, keyvault-backup.data-directory",
        "keyvault-backup.datadir, keyvault-backup.data-directory",
        "keyvault-backup.vault, keyvault-backup.vaults",
        "keyvault-backup.vaults[0].uri, keyvault-backup.vaults",
        "keyvault-backup.sas-token, keyvault-backup.store.sas-token",
        "keyvault-backup.stores.sas-token, keyvault-backup.store.sas-token"
    })
    void aMisspeltOneIsToldWithTheOneThatMayHaveBeenMeant(String given, String meant) {
        assertThat(problems(given, "x"))
                .singleElement()
                .asString()
                .startsWith(given)
                .endsWith("mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({
        "keyvault-backup.password, true",
        "keyvault-backup.store.sas-token, true",
        "keyvault-backup.store.connectionString, true",
        "keyvault-backup.azure.clientSecret, true",
        "keyvault-backup.store.account-key, true",
        "spring.datasource.password, true",
        "keyvault-backup.notifications.webhooks, true",
        "keyvault-backup.notifications.webhooks[0].format, true",
        "keyvault-backup.notifications.repeat-after, false",
        "keyvault-backup.store.container, false",
        "keyvaultbackup.budget, false",
        "keyvault-backup, false"
    })
    void whatIsSecretIsToldByItsName(String name, boolean secret) {
        assertThat(KnownProperty.isSecret(name)).isEqualTo(secret);
    }

    @Test
    void lettersThatWereSwappedAreOneStep() {
        assertThat(NearMiss.distance("budget", "budgte")).isEqualTo(1);
        assertThat(NearMiss.distance("budget", "budget")).isZero();
        assertThat(NearMiss.distance("", "abc")).isEqualTo(3);
    }
}
