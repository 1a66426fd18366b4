package io.keyvaultbackup.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.vault.VaultAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;

/** Real runs, and what is received of them. */
@ExtendWith(OutputCaptureExtension.class)
class NotificationTest {

    private static final String FIRST_NIGHT = "2026-11-22T03:00:00Z";
    private static final String SECOND_NIGHT = "2026-11-23T03:00:00Z";
    private static final String THIRD_NIGHT = "2026-11-24T03:00:00Z";
    private static final AtomicReference<Duration> LATER = new AtomicReference<>(Duration.ZERO);

    private static KeyVaultEmulator emulator;

    @TempDir
    private Path directory;

    private final Receiver receiver = new Receiver();
    private Bench bench;
    private EmulatedVault vault;

    /** The machine's time, and what a test adds. */
    @TestConfiguration(proxyBeanMethods = false)
    static class LaterTime {

        @Bean
        @Primary
        InstantSource laterClock() {
            return () -> Instant.now().plus(LATER.get());
        }
    }

    @BeforeAll
    static void startEmulator() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    @BeforeEach
    void makeVaultAndBench(TestInfo test) {
        LATER.set(Duration.ZERO);
        vault = emulator.vault(test.getTestMethod().orElseThrow().getName());
        vault.secrets("hidden-name", 3);
        bench = new Bench(directory, emulator).with(FastTime.class).with(LaterTime.class);
        webhook(0, "collector", "json", "/secret-path?sig=secret-of-the-address");
    }

    @AfterEach
    void closeReceiver() {
        receiver.close();
    }

    private void webhook(int index, String name, String format, String path) {
        String where = "keyvault-backup.notifications.webhooks[" + index + "].";
        bench.set(where + "name", name).set(where + "format", format).set(where + "url", receiver.url(path));
    }

    private String host() {
        return VaultAddress.parse(vault.uri().toString()).storeName();
    }

    private void oneObjectFails() {
        vault.faults().on(Operation.BACKUP, "secret").times(1).forbid("ForbiddenByRbac");
    }

    private List<String> eventsAfter(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        return receiver.events();
    }

    @Test
    void aTroubleIsToldOnceUntilItIsOverOrOld() {
        // given an incomplete night, told
        oneObjectFails();
        assertThat(eventsAfter(3, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .containsExactly("incomplete");

        // when it goes on, then nobody is told again
        oneObjectFails();
        assertThat(eventsAfter(3, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .isEmpty();
        oneObjectFails();
        assertThat(eventsAfter(3, bench.backUp(vault, "--scheduled-for", SECOND_NIGHT)))
                .isEmpty();

        // and the end of an older run is not the end of it
        assertThat(eventsAfter(0, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .isEmpty();

        // and a day later they are
        LATER.set(Duration.ofHours(25));
        vault.secrets("another", 1); // the others are unchanged, and are not asked for
        oneObjectFails();
        assertThat(eventsAfter(3, bench.backUp(vault, "--scheduled-for", THIRD_NIGHT)))
                .containsExactly("incomplete");

        // and when it is over, once
        assertThat(eventsAfter(0, bench.backUp(vault, "--scheduled-for", THIRD_NIGHT)))
                .containsExactly("recovered");
        assertThat(eventsAfter(0, bench.backUp(vault, "--scheduled-for", THIRD_NIGHT)))
                .isEmpty();
    }

    @Test
    void eachWayIsToldInItsForm() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        try {
            // given
            mail.setUser("sender", "mail-password");
            webhook(1, "slack", "slack", "/slack");
            webhook(2, "teams", "teams", "/teams");
            webhook(3, "others", "json", "/others");
            bench.set("keyvault-backup.notifications.webhooks[0].secret", "key-of-the-signature")
                    .set("keyvault-backup.notifications.webhooks[0].headers.authorization", "Bearer abc")
                    .set("keyvault-backup.notifications.webhooks[3].vaults", "prod-*")
                    .set("keyvault-backup.notifications.mail.host", "127.0.0.1")
                    .set(
                            "keyvault-backup.notifications.mail.port",
                            String.valueOf(mail.getSmtp().getPort()))
                    .set("keyvault-backup.notifications.mail.encryption", "none")
                    .set("keyvault-backup.notifications.mail.username", "sender")
                    .set("keyvault-backup.notifications.mail.password", "mail-password")
                    .set("keyvault-backup.notifications.mail.from", "backup@example.com")
                    .set("keyvault-backup.notifications.mail.to", "a@example.com,b@example.com")
                    .set("keyvault-backup.dashboard.public-url", "https://backup.example.org/");
            oneObjectFails();

            // when
            Bench.Result result = bench.backUp(vault, "--scheduled-for", FIRST_NIGHT);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
            String run = result.summary().path("snapshot").asString();
            Receiver.Call call =
                    receiver.calls("/secret-path?sig=secret-of-the-address").getFirst();
            JsonNode json = call.json();
            assertThat(json.path("version").asInt()).isEqualTo(1);
            assertThat(json.path("type").asString()).isEqualTo("notification");
            assertThat(json.path("event").asString()).isEqualTo("incomplete");
            assertThat(json.path("topic").asString()).isEqualTo("backup");
            assertThat(json.path("vault").asString()).isEqualTo(host());
            assertThat(json.path("run").asString()).isEqualTo(run);
            assertThat(json.path("outcomes").path("BACKED_UP").asInt()).isEqualTo(2);
            assertThat(json.path("outcomes").path("FAILED").asInt()).isEqualTo(1);
            assertThat(json.path("reasons")).hasSize(1);
            assertThat(json.path("reasons").get(0).path("reason").asString()).isEqualTo("ROLE_MISSING");
            assertThat(json.path("reasons").get(0).path("count").asInt()).isEqualTo(1);
            assertThat(json.path("reasons").get(0).path("advice").asString()).isNotEmpty();
            assertThat(json.path("link").asString()).isEqualTo("https://backup.example.org/vaults/" + host());
            assertThat(json.path("command").asString()).isEqualTo("keyvault-backup runs");
            assertThat(Instant.parse(json.path("since").asString()))
                    .isEqualTo(Instant.parse(json.path("at").asString()));
            assertThat(call.headers()).containsEntry("Authorization", "Bearer abc");
            assertThat(call.headers().get("X-keyvault-backup-signature"))
                    .isEqualTo("sha256="
                            + WebhookWay.signature(
                                    "key-of-the-signature",
                                    call.headers().getOrDefault("X-keyvault-backup-timestamp", ""),
                                    call.body().getBytes(StandardCharsets.UTF_8)));

            JsonNode slack = receiver.calls("/slack").getFirst().json();
            assertThat(slack.path("text").asString()).isEqualTo(host() + ": backup incomplete");
            assertThat(slack.path("blocks").get(0).path("text").path("text").asString())
                    .isEqualTo("*" + host() + ": backup incomplete*");
            assertThat(slack.path("blocks").toString())
                    .contains("role missing", "*Failed:* 1", "<https://backup.example.org/vaults/" + host());

            JsonNode attachment = receiver.calls("/teams")
                    .getFirst()
                    .json()
                    .path("attachments")
                    .get(0);
            assertThat(attachment.path("contentType").asString()).isEqualTo("application/vnd.microsoft.card.adaptive");
            assertThat(attachment.path("content").path("type").asString()).isEqualTo("AdaptiveCard");
            assertThat(attachment
                            .path("content")
                            .path("body")
                            .get(0)
                            .path("inlines")
                            .get(0)
                            .path("text")
                            .asString())
                    .isEqualTo(host() + ": backup incomplete");

            assertThat(receiver.calls("/others")).isEmpty();

            MimeMessage[] mails = mail.getReceivedMessages();
            assertThat(mails).hasSize(2); // one for each of those it is to
            assertThat(mails[0].getSubject()).isEqualTo("[keyvault-backup] " + host() + ": backup incomplete");
            assertThat(mails[0].getFrom()[0]).hasToString("backup@example.com");
            assertThat(mails[0].getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(String.valueOf(mails[0].getContent()))
                    .contains("1 times role missing", "Backed up: 2", "https://backup.example.org/vaults/" + host())
                    .doesNotContain("hidden-name");

            // and no name of an object anywhere
            assertThat(call.body() + slack + attachment).doesNotContain("hidden-name");
        } finally {
            mail.stop();
        }
    }

    @Test
    void aReceiverThatRefusesIsAWarningWithoutItsAddressAndIsToldAgain(CapturedOutput output) {
        // given
        receiver.answers(503, "secret-path");
        oneObjectFails();

        // when
        List<String> tries = eventsAfter(3, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT));

        // then
        assertThat(tries).containsExactly("incomplete", "incomplete", "incomplete");
        assertThat(output.getErr())
                .contains("could not be sent by collector (json): it answered 503.")
                .doesNotContain("secret-path", "secret-of-the-address");

        // and what a second try would not mend has one
        receiver.answers(404, "no_service");
        oneObjectFails();
        assertThat(eventsAfter(3, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .containsExactly("incomplete");
        assertThat(output.getErr()).contains("it answered 404: no_service.");

        // and once it takes them, nothing is lost
        receiver.answers(200, "ok");
        oneObjectFails();
        assertThat(eventsAfter(3, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .containsExactly("incomplete");

        // and where nobody answers at all
        receiver.close();
        Bench.Result result = bench.backUp(vault, "--scheduled-for", FIRST_NIGHT);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(output.getErr())
                .contains("127.0.0.1 was not reached")
                .doesNotContain("secret-path", "secret-of-the-address");
    }

    @Test
    void damageIsToldAndThatItIsGone() throws IOException {
        // given a copy that was changed
        assertThat(eventsAfter(0, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .isEmpty();
        String name = bench.blobs().keySet().stream()
                .filter(blob -> blob.contains("/secret/"))
                .findFirst()
                .orElseThrow();
        Path blob = bench.store().resolve(name);
        byte[] whole = Files.readAllBytes(blob);
        assertThat(blob.toFile().setWritable(true)).isTrue();
        Files.write(blob, "damaged".getBytes(StandardCharsets.UTF_8));

        // when, then
        assertThat(eventsAfter(
                        4,
                        bench.run(
                                "verify", "--read-data", "--vault", vault.uri().toString())))
                .containsExactly("damaged");
        assertThat(eventsAfter(
                        4,
                        bench.run(
                                "verify", "--read-data", "--vault", vault.uri().toString())))
                .isEmpty();
        Files.write(blob, whole);
        assertThat(eventsAfter(
                        0,
                        bench.run(
                                "verify", "--read-data", "--vault", vault.uri().toString())))
                .containsExactly("recovered");
    }

    @Test
    void processesOfOneDatabaseTellOnceAlsoWhenACopyBecomesTooOld(@TempDir Path other) {
        // given two of them
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        Bench second = new Bench(other, emulator)
                .with(FastTime.class)
                .onDatabase(database)
                .set("keyvault-backup.store.directory", bench.store().toString());
        for (String property : List.of("name", "format", "url")) {
            String name = "keyvault-backup.notifications.webhooks[0]." + property;
            second.set(
                    name,
                    switch (property) {
                        case "name" -> "collector";
                        case "format" -> "json";
                        default -> receiver.url("/secret-path");
                    });
        }

        // when both meet the same, then one tells
        oneObjectFails();
        assertThat(eventsAfter(3, bench.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .containsExactly("incomplete");
        oneObjectFails();
        assertThat(eventsAfter(3, second.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .isEmpty();
        assertThat(eventsAfter(0, second.backUp(vault, "--scheduled-for", FIRST_NIGHT)))
                .containsExactly("recovered");

        // and of two that serve, one says that the copy is too old
        bench.set("keyvault-backup.dashboard.objective", "1ms");
        second.set("keyvault-backup.dashboard.objective", "1ms");
        try (Served _ = bench.serve();
                Served _ = second.serve()) {
            await(1);
        }
        assertThat(receiver.events()).containsExactly("too_old");

        // and another one that it is not any more
        bench.set("keyvault-backup.dashboard.objective", "26000h");
        try (Served _ = bench.serve()) {
            await(1);
        }
        assertThat(receiver.events()).containsExactly("recovered");
    }

    private void await(int calls) {
        Instant until = Instant.now().plusSeconds(30);
        while (receiver.calls("/secret-path?sig=secret-of-the-address").size()
                                + receiver.calls("/secret-path").size()
                        < calls
                && Instant.now().isBefore(until)) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
