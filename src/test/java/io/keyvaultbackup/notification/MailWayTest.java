package io.keyvaultbackup.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mail server that refuses is taken for. */
class MailWayTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    private final MailServer server = new MailServer();

    @AfterEach
    void closeServer() {
        server.close();
    }

    private MailWay way() throws NoSuchAlgorithmException {
        return new MailWay(
                new MailProperties(
                        "127.0.0.1",
                        server.port(),
                        MailProperties.Encryption.NONE,
                        "sender",
                        "mail-password",
                        "backup@example.com",
                        List.of("gone@example.com", "here@example.com"),
                        List.of(),
                        List.of()),
                SSLContext.getDefault(),
                () -> NOW);
    }

    private @Nullable NotSentException send() throws NoSuchAlgorithmException {
        MailWay way = way();
        return catchThrowableOfType(
                NotSentException.class,
                () -> way.send(new Message("a title", Map.of(), List.of("a sentence"), null, null, Map.of())));
    }

    @Test
    void anAddressThatIsGoneKeepsNobodyElseFromIt() throws NoSuchAlgorithmException {
        server.answers("RCPT TO:<gone@example.com>", "550 5.1.1 no such mailbox");

        NotSentException failed = Objects.requireNonNull(send());

        assertThat(server.mails()).singleElement().asString().contains("here@example.com", "a sentence");
        assertThat(failed).hasMessage("127.0.0.1 did not take it for gone@example.com: 550 5.1.1 no such mailbox");
        assertThat(failed.mayPass()).isFalse();
        assertThat(failed.reachedSome()).isTrue();
    }

    /** 4xx is what may pass, wherever it is said. */
    @ParameterizedTest
    @CsvSource({
        "'', 421 too many connections, true",
        "'', 554 not for you, false",
        "AUTH, 454 4.7.0 temporary authentication failure, true",
        "AUTH, 535 5.7.8 wrong password, false",
        "MAIL, 451 4.3.0 try later, true",
        "MAIL, 550 5.7.1 not from there, false",
        "RCPT, 450 4.2.1 mailbox busy, true",
        "RCPT, 550 5.1.1 no such mailbox, false",
        "DATA, 451 4.3.0 try later, true",
        "DATA, 554 5.7.1 no, false"
    })
    void whatMayPassIsTriedAgain(String command, String answer, boolean mayPass) throws NoSuchAlgorithmException {
        server.answers(command, answer);

        NotSentException failed = Objects.requireNonNull(send());

        assertThat(failed.mayPass()).as(failed.getMessage()).isEqualTo(mayPass);
        assertThat(failed.reachedSome()).isFalse();
        assertThat(failed).hasMessageNotContaining("mail-password");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void whatIsTakenFailsNowhere() throws NoSuchAlgorithmException {
        assertThat(send()).isNull();
        assertThat(server.mails())
                .singleElement()
                .asString()
                .contains("gone@example.com", "here@example.com", "Subject: [keyvault-backup] a title");
    }
}
