package io.keyvaultbackup.cli;

import static io.keyvaultbackup.cli.WrongEnvironment.when;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.store.directory.Mount;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.ConnectProxy;
import io.keyvaultbackup.testservices.Postgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The table of wrong environments: what is wrong, the exit code, the sentences that matter, and how it is made wrong. */
final class WrongEnvironments {

    private WrongEnvironments() {}

    static final List<WrongEnvironment> ROWS = List.of(
            // The way to the vault
            when(
                    "a name that nobody knows",
                    3,
                    List.of("the name of no-such-vault.invalid cannot be resolved", "Check name resolution"),
                    here -> here.bench().run("backup", "--vault", "no-such-vault.invalid")),
            when(
                    "a port where nobody listens",
                    3,
                    List.of("cannot connect to 127.0.0.1:", "Check name resolution"),
                    here -> here.bench()
                            .run(
                                    "backup",
                                    "--vault",
                                    "https://" + Surroundings.nobody().getAuthority())),
            when(
                    "a certificate of an authority that is not trusted",
                    3,
                    List.of("shows is not trusted", "keyvault-backup.azure.ssl-bundle=extra"),
                    here -> {
                        here.bench().without("keyvault-backup.azure.ssl-bundle");
                        return here.backUp();
                    }),
            when(
                    "a certificate of another host",
                    3,
                    List.of("shows is another host's", "trusting it would not help"),
                    here -> {
                        try (ConnectProxy proxy = ConnectProxy.start()) {
                            here.set(
                                    "keyvault-backup.azure.proxy.url",
                                    proxy.uri().toString());
                            return here.bench()
                                    .run(
                                            "backup",
                                            "--vault",
                                            "https://team-a.elsewhere.test:"
                                                    + here.vault().uri().getPort());
                        }
                    }),
            when(
                    "a proxy that wants a password",
                    3,
                    List.of(
                            "does not connect to team-a.example.test: 407, it wants a user and a password",
                            ".user and"),
                    here -> {
                        try (ConnectProxy proxy = ConnectProxy.startFor("backup", WrongRow.PASSWORD)) {
                            here.set(
                                    "keyvault-backup.azure.proxy.url",
                                    proxy.uri().toString());
                            return here.bench().run("backup", "--vault", "team-a.example.test");
                        }
                    }),
            when("a proxy that is not there", 3, List.of("cannot connect to the proxy http://127.0.0.1:"), here -> {
                here.set(
                        "keyvault-backup.azure.proxy.url", Surroundings.nobody().toString());
                return here.bench().run("backup", "--vault", "team-a");
            }),
            when(
                    "a gateway that sends us elsewhere",
                    3,
                    List.of("sends us elsewhere, to https://sign-in.example.com/start, which no vault does"),
                    here -> {
                        here.vault()
                                .faults()
                                .on(Operation.LIST)
                                .redirect("https://sign-in.example.com/start?token=" + WrongRow.SAS);
                        return here.backUp();
                    }),
            when(
                    "a page of HTML in place of a list",
                    3,
                    List.of("not what the service's API describes", "a sign-in page"),
                    here -> {
                        here.vault().faults().on(Operation.LIST).always().garbage();
                        return here.backUp();
                    }),
            when("a vault that is not available", 3, List.of("The service is not available. Relaunch later"), here -> {
                here.vault().faults().on(Operation.LIST).always().answer(503);
                return here.backUp();
            }),
            when("a vault that others wear out", 3, List.of("throttled", "Lower keyvault-backup.budget"), here -> {
                here.vault()
                        .faults()
                        .on(Operation.BACKUP, "secret", "app-000001")
                        .always()
                        .throttle(null);
                return here.backUp();
            }),
            when(
                    "a clock that is so wrong that tokens are refused",
                    13,
                    List.of("This machine's clock is", "behind the service's", "timedatectl set-ntp true"),
                    here -> {
                        EmulatedVault skewed = here.emulator()
                                .vault(VaultSettings.of("skewed")
                                        .withClock(() -> Instant.now().plusSeconds(600)));
                        skewed.faults()
                                .on(Operation.LIST)
                                .always()
                                .answer(401, "Unauthorized", null, "AKV10022: Token has expired.");
                        return here.bench()
                                .run("backup", "--vault", skewed.uri().toString());
                    }),

            // Who asks
            when(
                    "an identity of another tenant",
                    13,
                    List.of("the vault belongs to tenant", "Set keyvault-backup.azure.tenant-id"),
                    here -> here.asApplication()
                            .set("keyvault-backup.azure.tenant-id", "99999999-2222-3333-4444-555555555555")
                            .backUp()),
            when(
                    "a tenant that is no more",
                    13,
                    List.of("AADSTS90002", "not found", "Look at keyvault-backup.azure.tenant-id"),
                    here -> {
                        here.authority().forgetTenant();
                        return here.asApplication().backUp();
                    }),
            when(
                    "a client secret that has expired",
                    13,
                    List.of("AADSTS7000222", "are expired", "Make a new secret"),
                    here -> here.asApplication()
                            .set("keyvault-backup.azure.client-secret", WrongRow.CLIENT_SECRET + "-old")
                            .backUp()),
            when(
                    "a client secret that is none",
                    13,
                    List.of("AADSTS7000215", "Give the secret's value, not its id"),
                    here -> here.asApplication()
                            .set("keyvault-backup.azure.client-secret", WrongRow.CLIENT_SECRET + "-bad")
                            .backUp()),
            when(
                    "an application that is not registered",
                    13,
                    List.of("AADSTS700016", "Look at keyvault-backup.azure.client-id"),
                    here -> here.asApplication()
                            .set("keyvault-backup.azure.client-id", "22222222-2222-3333-4444-555555555555")
                            .backUp()),
            when(
                    "an authority where nobody listens",
                    3,
                    List.of("cannot connect to 127.0.0.1:"),
                    here -> here.asApplication()
                            .set(
                                    "keyvault-backup.azure.authority-host",
                                    "https://" + Surroundings.nobody().getAuthority())
                            .backUp()),
            when(
                    "an authority whose certificate is not trusted",
                    3,
                    List.of("shows is not trusted", "keyvault-backup.azure.ssl-bundle=extra"),
                    here -> {
                        try (KeyVaultEmulator other = KeyVaultEmulator.start()) {
                            return here.asApplication()
                                    .set(
                                            "keyvault-backup.azure.authority-host",
                                            other.authority().uri().toString())
                                    .backUp();
                        }
                    }),
            when(
                    "a vault outside of its challenge's domain",
                    13,
                    List.of("is for another domain than its own", "verify-challenge-resource=false"),
                    here -> {
                        here.bench().without("keyvault-backup.azure.verify-challenge-resource");
                        return here.backUp();
                    }),
            when("a token that expires in mid-run", 0, List.of("Complete", "backed up"), here -> {
                EmulatedVault slow =
                        here.emulator().vault(VaultSettings.of("slow").withLatency(Duration.ofMillis(250)));
                slow.secrets("app-", Surroundings.SECRETS);
                here.emulator().tokens().lifetime(Duration.ofSeconds(2));
                try {
                    return here.asApplication()
                            .bench()
                            .run("backup", "--vault", slow.uri().toString());
                } finally {
                    here.emulator().tokens().reset();
                }
            }),

            // What it may do
            when(
                    "no permission at all",
                    13,
                    List.of("role missing", "ForbiddenByRbac", "config/azure/backup-role.json"),
                    here -> {
                        here.vault().faults().on(Operation.LIST).always().forbid("ForbiddenByRbac");
                        return here.backUp();
                    }),
            when("no access policy", 13, List.of("access policy missing", "az keyvault set-policy"), here -> {
                here.vault().faults().on(Operation.LIST).always().forbid("AccessDenied");
                return here.backUp();
            }),
            when("a firewall", 13, List.of("firewall", "Add it to the vault's network rules"), here -> {
                here.vault().faults().on(Operation.LIST).always().forbid("ForbiddenByFirewall");
                return here.backUp();
            }),
            when(
                    "a permission that is revoked in mid-run",
                    3,
                    List.of("INCOMPLETE", "role missing", "mend what is named above, then relaunch"),
                    here -> {
                        here.vault().faults().on(Operation.BACKUP).skip(4).forbid("ForbiddenByRbac");
                        return here.backUp();
                    }),
            when("an object of too many versions", 5, List.of("it has 501 versions", "Start a new object"), here -> {
                here.vault().secret("many").versions(501);
                return here.backUp();
            }),
            when("one vault of two without permission", 3, List.of("Complete", "role missing"), here -> {
                EmulatedVault closed = here.emulator().vault("closed");
                closed.faults().on(Operation.LIST).always().forbid("ForbiddenByRbac");
                return here.backUp("--vault", closed.uri().toString());
            }),
            when(
                    "a vault given twice in different spellings",
                    0,
                    List.of("backed up                       12"),
                    here -> {
                        String port = ":" + here.vault().uri().getPort();
                        return here.backUp("--vault", "LOCALHOST" + port, "--vault", "https://LocalHost" + port + "/");
                    }),

            // The store
            when("a container that is missing", 10, List.of("The store does not exist. Create the container"), here -> {
                Azurite.Container container = Azurite.shared().newContainer();
                here.bench().onContainer(container, "rcwl");
                Azurite.shared().client(container.name()).delete();
                return here.backUp();
            }),
            when(
                    "a storage account that is missing",
                    10,
                    List.of("the name of no-such-account.invalid cannot be resolved", "no such storage account"),
                    here -> {
                        here.bench()
                                .onContainer(Azurite.shared().newContainer(), "rcwl")
                                .set("keyvault-backup.store.container-url", "https://no-such-account.invalid/backups");
                        return here.backUp();
                    }),
            when(
                    "a storage account that nobody answers for",
                    1,
                    List.of("cannot connect to 127.0.0.1:", "The store did not answer, or did not do what it should"),
                    here -> {
                        here.bench()
                                .onContainer(Azurite.shared().newContainer(), "rcwl")
                                .set(
                                        "keyvault-backup.store.container-url",
                                        "http://" + Surroundings.nobody().getAuthority() + "/account/backups");
                        return here.backUp();
                    }),
            when(
                    "doctor: a storage account that nobody answers for",
                    1,
                    List.of("cannot connect to 127.0.0.1:", "The store did not answer, or did not do what it should"),
                    here -> {
                        here.bench()
                                .onContainer(Azurite.shared().newContainer(), "rcwl")
                                .set(
                                        "keyvault-backup.store.container-url",
                                        "http://" + Surroundings.nobody().getAuthority() + "/account/backups");
                        return here.doctor();
                    }),
            when(
                    "a directory whose parent is missing",
                    10,
                    List.of("The store does not exist"),
                    here -> here.set(
                                    "keyvault-backup.store.directory",
                                    here.directory().resolve("no/such/place").toString())
                            .backUp()),
            when(
                    "a container without the right to add",
                    13,
                    List.of("store not authorised", "blobs/add/action on the container"),
                    here -> {
                        here.bench().onContainer(Azurite.shared().newContainer(), "l");
                        return here.backUp();
                    }),
            when("a container without any right", 13, List.of("The identity may not add blobs there"), here -> {
                here.bench().onContainer(Azurite.shared().newContainer(), "d");
                return here.backUp();
            }),
            when("a directory that may only be read", 13, List.of("The identity may not add blobs there"), here -> {
                Files.createDirectory(here.bench().store());
                try (Mount mount = Mount.ofOneMegabyte(here.bench().store())) {
                    mount.makeReadOnly();
                    return here.backUp();
                }
            }),
            when("a directory without room", 1, List.of("The store has no room left. Make room"), here -> {
                Files.createDirectory(here.bench().store());
                try (Mount mount = Mount.ofOneMegabyte(here.bench().store())) {
                    mount.fill();
                    return here.backUp();
                }
            }),
            when(
                    "a lease that another run holds",
                    11,
                    List.of("localhost", "Wait until it has ended, or stop it"),
                    here -> whileAnotherRuns(here, () -> here.elsewhere().backUp())),
            when(
                    "protect: a lease that a run holds",
                    11,
                    List.of("localhost", "Wait until it has ended, or stop it"),
                    here -> {
                        here.bench().onContainer(Azurite.shared().newContainer(), "rcwl");
                        return whileAnotherRuns(here, () -> protect(here));
                    }),
            when("protect: a container that is missing", 10, List.of("The store does not exist"), here -> {
                Azurite.Container container = Azurite.shared().newContainer();
                here.bench().onContainer(container, "rcwl");
                Azurite.shared().client(container.name()).delete();
                return protect(here);
            }),
            when(
                    "protect: a container that may not be listed",
                    13,
                    List.of("403 AuthorizationPermissionMismatch"),
                    here -> {
                        here.bench().onContainer(Azurite.shared().newContainer(), "rcw");
                        return protect(here);
                    }),
            when("another selection for the same run", 2, List.of("was started with another selection"), here -> {
                here.vault().faults().on(Operation.BACKUP).times(1).forbid("ForbiddenByRbac");
                here.backUp("--scheduled-for", "2026-11-24T03:00:00Z");
                return here.backUp("--scheduled-for", "2026-11-24T03:00:00Z", "--kind", "key");
            }),

            // The job database
            when(
                    "a database that another process holds",
                    1,
                    List.of("in use by another process", "Wait until"),
                    here -> {
                        here.bench().run("runs");
                        try (JobDatabaseFile.Holder _ = here.database().heldByAnotherProcess()) {
                            return here.backUp();
                        }
                    }),
            when(
                    "a database of a newer version",
                    1,
                    List.of("version 99 by a newer version of this program", "Run that version or a newer one"),
                    here -> {
                        here.bench().run("runs");
                        here.database().migrateToTheFuture();
                        return here.backUp();
                    }),
            when("a database that is damaged", 1, List.of("file is damaged, or its disk is", "Move the file"), here -> {
                here.bench().run("runs");
                Files.writeString(here.database().file(), "not a database at all");
                return here.backUp();
            }),
            when("no room for the database", 1, List.of("disk is full", "Make room"), here -> {
                Path data = Files.createDirectory(here.directory().resolve("data"));
                try (Mount mount = Mount.ofOneMegabyte(data)) {
                    mount.fill();
                    return here.backUp();
                }
            }),
            when(
                    "a port for the database that is in use",
                    1,
                    List.of("in use by another process", "AUTO_SERVER_PORT"),
                    here -> {
                        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
                            return here.set(
                                            "spring.datasource.url",
                                            here.database().url() + ";AUTO_SERVER=TRUE;AUTO_SERVER_PORT="
                                                    + taken.getLocalPort())
                                    .backUp();
                        }
                    }),
            when("PostgreSQL with another password", 2, List.of("does not accept the user or password"), here -> {
                Postgres.Database database = Postgres.shared().newDatabase();
                return here.set("spring.datasource.url", database.jdbcUrl())
                        .set("spring.datasource.username", "nobody-known")
                        .set("spring.datasource.password", WrongRow.PASSWORD)
                        .set("spring.datasource.hikari.connection-timeout", "1000")
                        .backUp();
            }),
            when(
                    "PostgreSQL where nobody listens",
                    1,
                    List.of("cannot be reached", "spring.datasource.url"),
                    here -> here.set(
                                    "spring.datasource.url",
                                    "jdbc:postgresql://" + Surroundings.nobody().getAuthority() + "/x")
                            .set("spring.datasource.password", WrongRow.PASSWORD)
                            .set("spring.datasource.hikari.connection-timeout", "1000")
                            .backUp()),
            when(
                    "a run that nobody knows",
                    10,
                    List.of("There is no run 20260101T000000Z-000000"),
                    here -> here.bench().run("runs", "20260101T000000Z-000000")),

            // The same, examined
            when("doctor: no permission", 13, List.of("config/azure/backup-role.json"), here -> {
                here.vault().faults().on(Operation.LIST).always().forbid("ForbiddenByRbac");
                return here.doctor();
            }),
            when(
                    "doctor: no store",
                    10,
                    List.of("mkdir -p"),
                    here -> here.set(
                                    "keyvault-backup.store.directory",
                                    here.directory().resolve("no/such/place").toString())
                            .doctor()),
            when(
                    "doctor: a name that nobody knows",
                    1,
                    List.of("no-such-vault.invalid"),
                    here -> here.bench().run("doctor", "--vault", "no-such-vault.invalid")),
            when(
                    "doctor: an expired client secret",
                    13,
                    List.of("AADSTS7000222", "Make a new secret"),
                    here -> here.asApplication()
                            .set("keyvault-backup.azure.client-secret", WrongRow.CLIENT_SECRET + "-old")
                            .doctor()));

    private static Bench.Result protect(Surroundings here) {
        return here.bench().run("protect", "--vault", here.vault().uri().toString());
    }

    private static Bench.Result whileAnotherRuns(Surroundings here, Callable<Bench.Result> other) throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        here.vault().faults().on(Operation.BACKUP).times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(goOn);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Bench.Result> first = threads.submit(() -> here.backUp());
            inTheMiddle.await();
            Bench.Result second = other.call();
            goOn.countDown();
            if (first.get().exitCode() != 0) {
                throw new AssertionError("the first was disturbed: " + first.get());
            }
            return second;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
