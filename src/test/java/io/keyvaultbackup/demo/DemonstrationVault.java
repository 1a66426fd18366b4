package io.keyvaultbackup.demo;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyType;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.RequestLimit;
import io.keyvaultbackup.emulator.VaultSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A vault of about 500 objects of every sort, with the published limits and some latency. */
final class DemonstrationVault {

    static final String TOO_MANY_VERSIONS = "session-signing-since-2019";
    static final String FLAKY = "fails-twice-then-works";

    private DemonstrationVault() {}

    static EmulatedVault in(KeyVaultEmulator emulator) {
        EmulatedVault vault = emulator.vault(VaultSettings.of("demonstration")
                .withLimit(RequestLimit.published())
                .withLatency(Duration.ofMillis(15)));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (int number = 0; number < 220; number++) {
            vault.secret("team-%02d-db-password-%03d".formatted(number % 12, number))
                    .tag("team", "team-" + number % 12);
        }
        for (int number = 0; number < 40; number++) {
            vault.secret("rotated-monthly-%02d".formatted(number)).versions(24 + number);
        }
        for (int number = 0; number < 60; number++) {
            vault.key("signing-%02d".formatted(number)).type(number % 3 == 0 ? KeyType.EC : KeyType.RSA_2048);
        }
        for (int number = 0; number < 50; number++) {
            vault.certificate("site-%02d-example-com".formatted(number)).versions(1 + number % 3);
        }
        vault.secret("disabled-last-year").disabled();
        vault.secret("expired-last-week").expires(now.minus(Duration.ofDays(7)));
        vault.secret("x".repeat(127));
        vault.key("k".repeat(127));
        vault.secret("exactly-500-versions").versions(500);
        vault.secret(TOO_MANY_VERSIONS).versions(501);
        vault.secret(FLAKY);
        vault.faults().on(Operation.BACKUP, "secret", FLAKY).times(2).answer(503);
        return vault;
    }
}
