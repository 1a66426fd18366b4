package io.keyvaultbackup.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a name is, it stays a name. */
class FormatTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String HOSTILE = "<!channel> & <https://evil.example|ok>\r\nBcc: all@example.com";

    private static final Message MESSAGE = new Message(
            HOSTILE,
            Map.of("Vault", HOSTILE),
            List.of("x".repeat(4000)),
            "keyvault-backup runs",
            "https://backup.example.org",
            Map.of("vault", HOSTILE));

    private static JsonNode body(Format format) {
        return JSON.readTree(JSON.writeValueAsBytes(format.body(MESSAGE)));
    }

    @Test
    void slackMentionsNobodyAndTakesNoMoreThanASectionHas() {
        JsonNode body = body(Format.SLACK);

        assertThat(body.path("text").asString())
                .startsWith("&lt;!channel&gt; &amp; &lt;https://evil.example|ok&gt;")
                .doesNotContain("<");
        assertThat(body.path("blocks")
                        .valueStream()
                        .map(block -> block.path("text").path("text").asString()))
                .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(3000))
                .filteredOn(text -> text.contains("<"))
                .containsExactly("<https://backup.example.org|The dashboard>");
    }

    @Test
    void teamsGetsTextThatIsNoMarkdown() {
        JsonNode card = body(Format.TEAMS).path("attachments").get(0).path("content");

        assertThat(card.path("body")
                        .valueStream()
                        .map(block -> block.path("type").asString()))
                .containsOnly("RichTextBlock");
        assertThat(card.path("body").get(0).path("inlines").get(0).path("text").asString())
                .isEqualTo(HOSTILE);
        assertThat(card.path("actions").get(0).path("url").asString()).isEqualTo("https://backup.example.org");
    }

    @Test
    void jsonIsWhatProgramsRead() {
        assertThat(body(Format.JSON).path("vault").asString()).isEqualTo(HOSTILE);
    }

    @Test
    void aSubjectIsOneLine() {
        assertThat(MailWay.oneLine(HOSTILE)).doesNotContain("\n", "\r").contains("ok> Bcc:");
    }
}
