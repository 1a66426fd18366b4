package io.keyvaultbackup.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is wrong is told before anything begins, and nothing of it that is secret. */
class NotificationPropertiesTest {

    private static WebhookProperties webhook(String name, String url, Format format, @Nullable String secret) {
        return new WebhookProperties(
                name, url, format, List.of(), List.of(), Map.of("authorization", "token-of-mine"), secret);
    }

    private static MailProperties mail(
            @Nullable String host, MailProperties.Encryption encryption, @Nullable String password, String... to) {
        return new MailProperties(
                host, null, encryption, "me", password, "a@example.com", List.of(to), List.of(), List.of());
    }

    @Test
    void nothingGivenIsNothingWrongAndTellsNobody() {
        NotificationProperties none = new NotificationProperties(
                Duration.ofHours(24),
                List.of(),
                new MailProperties(
                        " ", null, MailProperties.Encryption.TLS, null, null, null, List.of(), List.of(), List.of()));

        assertThat(none.problems()).isEmpty();
        assertThat(none.tellNobody()).isTrue();
        assertThat(none.again()).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void allThatIsWrongIsToldAtOnceAndNoSecretIs() {
        NotificationProperties wrong = new NotificationProperties(
                Duration.ofHours(-1),
                List.of(
                        webhook("two words", "ftp://example.com/secret-path", Format.SLACK, "secret-key"),
                        webhook("ops", "https://user@example.com/secret-path", Format.JSON, "secret-key"),
                        webhook("ops", "https://example.com/secret-path", Format.JSON, "secret-key")),
                mail("smtp.example.com", MailProperties.Encryption.NONE, "secret-password", "a@b, c@d"));

        assertThat(wrong.problems())
                .extracting(problem -> problem.replaceFirst("^keyvault-backup\\.notifications\\.", "")
                        .split("[ :]", 2)[0])
                .containsExactly(
                        "repeat-after",
                        "webhooks[0].name",
                        "webhooks[0].url",
                        "webhooks[0].secret",
                        "webhooks[1].url",
                        "webhooks[2].name",
                        "mail.to",
                        "mail.encryption");
        assertThat(wrong.problems() + wrong.toString())
                .doesNotContain("secret-path", "secret-key", "secret-password", "token-of-mine");
    }

    @Test
    void aHeaderThatCanNotBeSentIsToldBeforeAnythingBeginsAndItsValueIsNot() {
        WebhookProperties wrong = new WebhookProperties(
                "ops",
                "https://example.com/hook",
                Format.JSON,
                List.of(),
                List.of(),
                new TreeMap<>(Map.of(
                        "a-euro",
                        "hidden-\u20ac",
                        "a-line",
                        "hidden-\n",
                        "a-name",
                        "caf\u00e9\t1",
                        "host",
                        "hidden-h")),
                null);

        assertThat(wrong.problems("webhooks[0]"))
                .hasSize(3)
                .noneMatch(problem -> problem.contains("hidden"))
                .extracting(problem -> problem.split(" ", 2)[0])
                .containsExactlyInAnyOrder(
                        "webhooks[0].headers.a-euro", "webhooks[0].headers.a-line", "webhooks[0].headers.host");
    }

    @Test
    void anAddressThatCouldBeReadOnTheWayIsRefusedButOnThisMachine() {
        assertThat(webhook("ops", "http://example.com/secret-path", Format.JSON, null)
                        .problems("w"))
                .singleElement()
                .asString()
                .contains("use https")
                .doesNotContain("secret-path");
        for (String here : List.of("http://localhost:8080/a", "http://127.0.0.1/a", "http://[::1]:80/a")) {
            assertThat(webhook("ops", here, Format.JSON, null).problems("w"))
                    .as(here)
                    .isEmpty();
        }
    }

    @Test
    void aPasswordMayGoToThisMachineAsItIs() {
        assertThat(mail("127.0.0.1", MailProperties.Encryption.NONE, "password", "a@example.com")
                        .problems("mail"))
                .isEmpty();
        assertThat(mail("smtp.example.com", MailProperties.Encryption.STARTTLS, null, "a@example.com")
                        .problems("mail"))
                .singleElement()
                .asString()
                .contains("mail.username and mail.password belong together");
    }
}
