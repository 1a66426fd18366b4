package io.keyvaultbackup.cli;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.EntraAuthority;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that a backup needs, and right: a vault of a few secrets, a directory store, an identity; for something of it to be made wrong. */
record Surroundings(
        KeyVaultEmulator emulator, EntraAuthority authority, EmulatedVault vault, Path directory, Bench bench) {

    static final int SECRETS = 12;

    private static final String CLIENT = "11111111-2222-3333-4444-555555555555";

    static Surroundings in(Path directory, KeyVaultEmulator emulator) {
        EntraAuthority authority = emulator.authority();
        authority.application(CLIENT).secret(WrongRow.CLIENT_SECRET).expiredSecret(WrongRow.CLIENT_SECRET + "-old");
        EmulatedVault vault = emulator.vault("surrounded");
        vault.secrets("app-", SECRETS);
        Bench bench = new Bench(directory, emulator)
                .with(FastTime.class)
                .set("keyvault-backup.threads", "1")
                .set("keyvault-backup.azure.credential", "managed-identity");
        return new Surroundings(emulator, authority, vault, directory, bench);
    }

    Surroundings set(String property, String value) {
        bench.set(property, value);
        return this;
    }

    /** Proves who asks by an application's secret, to an authority of the emulator's. */
    Surroundings asApplication() {
        return set("keyvault-backup.azure.credential", "client-secret")
                .set("keyvault-backup.azure.authority-host", authority.uri().toString())
                .set("keyvault-backup.azure.instance-discovery", "false")
                .set("keyvault-backup.azure.tenant-id", authority.tenant())
                .set("keyvault-backup.azure.client-id", CLIENT)
                .set("keyvault-backup.azure.client-secret", WrongRow.CLIENT_SECRET);
    }

    /** The same vault and store, with another data directory. */
    Surroundings elsewhere() {
        Path other = directory.resolve("elsewhere");
        Bench there = new Bench(directory, emulator)
                .with(FastTime.class)
                .set("keyvault-backup.azure.credential", "managed-identity")
                .set("keyvault-backup.data-directory", other.toString());
        return new Surroundings(emulator, authority, vault, directory, there);
    }

    JobDatabaseFile database() {
        return new JobDatabaseFile(directory.resolve("data"));
    }

    Bench.Result backUp(String... more) {
        return run("backup", more);
    }

    Bench.Result doctor(String... more) {
        return run("doctor", more);
    }

    private Bench.Result run(String verb, String... more) {
        List<String> line = new ArrayList<>(List.of(verb, "--vault", vault.uri().toString()));
        line.addAll(List.of(more));
        return bench.run(line.toArray(String[]::new));
    }

    /** An address of this machine where nobody listens. */
    static URI nobody() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + gone.getLocalPort());
        }
    }
}
