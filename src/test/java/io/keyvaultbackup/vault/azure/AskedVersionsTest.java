package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedVersionsTest {

    @Test
    void areWhatThePageTells() {
        // given
        AskedVersions asked = new AskedVersions();

        // when
        answer(asked, """
                {"value":[{"id":"https://v.vault.azure.net/secrets/one/a1","attributes":{"enabled":false,"created":1700000000,"exp":1800000000}},
                {"kid":"https://v.vault.azure.net:443/keys/one/b2","attributes":{"enabled":null,"exp":null}},
                {"id":"https://v.vault.azure.net/certificates/one/c3"}],"nextLink":"https://v.vault.azure.net/more"}""");

        // then
        assertThat(asked.versions())
                .containsExactly(
                        new ObjectVersion(
                                "a1",
                                false,
                                Instant.ofEpochSecond(1_700_000_000),
                                Instant.ofEpochSecond(1_800_000_000)),
                        new ObjectVersion("b2", true, null, null),
                        new ObjectVersion("c3", true, null, null));
        assertThat(asked.next()).isEqualTo("https://v.vault.azure.net/more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":[{\"id\":\"https://v.vault.azure.net/secrets/one\"}]}",
                "{\"value\":[{\"id\":\"https://v.vault.azure.net/secrets/one/\"}]}",
                "{\"value\":[{\"id\":\"https://v/secrets/one/a\",\"attributes\":{\"enabled\":\"yes\"}}]}",
                "{\"value\":[{\"id\":\"https://v/secrets/one/a\",\"attributes\":{\"created\":\"2026\"}}]}",
                "{\"value\":[{\"id\":\"https://v/secrets/one/a\",\"attributes\":{\"exp\":9223372036854775807}}]}"
            })
    void whatIsNoVersionIsACorruptAnswer(String page) {
        assertThatThrownBy(() -> answer(new AskedVersions(), page))
                .isInstanceOfSatisfying(
                        VaultException.class,
                        failed -> assertThat(failed.failure().reason()).isEqualTo(FailureReason.CORRUPT_ANSWER));
    }

    private static void answer(AskedVersions asked, String page) {
        asked.answered(Answers.page(page.getBytes(StandardCharsets.UTF_8)));
    }
}
