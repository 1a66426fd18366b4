package io.keyvaultbackup.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeTokenTest {

    private static ChangeToken token(Map<String, String> tags, @Nullable String contentType) {
        return new ChangeToken(
                Instant.parse("2025-01-02T03:04:05Z"),
                Instant.parse("2025-02-03T04:05:06Z"),
                true,
                null,
                Instant.parse("2031-01-01T00:00:00Z"),
                tags,
                contentType);
    }

    /** Blobs of versions that knew no content type have these hashes beside them; they are known by them after an upgrade. */
    @Test
    void withoutAContentTypeTheHashIsWhatItAlwaysWas() {
        assertThat(token(Map.of("team", "payments", "größe", "\"1\"\n"), null).sha256())
                .isEqualTo("e95b1005c43198f894c33c024bac671c3d19d69aa7fc504eb0485bc70260825b");
        assertThat(new ChangeToken(null, null, false, null, null, Map.of(), null).sha256())
                .isEqualTo("d4d5d629290aec1086e8f7db36533b0672f49074849c93eeaa49a1b66cf09841");
    }

    @Test
    void whatDiffersInTagsOrContentTypeHasAnotherHash() {
        List<ChangeToken> different = List.of(
                token(Map.of(), null),
                token(Map.of(), ""),
                token(Map.of(), "text/plain"),
                token(Map.of(), "text/html"),
                token(Map.of(), "null"),
                token(Map.of(), "1:a1:b"),
                token(Map.of("a", "b"), null),
                token(Map.of("a", "b"), ""),
                token(Map.of("a", "b"), "1:c1:d"),
                token(Map.of("a", "b", "c", "d"), null),
                token(Map.of("a", "b\n1:c1:d"), null));

        assertThat(different).extracting(ChangeToken::sha256).doesNotHaveDuplicates();
        assertThat(token(Map.of("a", "b"), "text/plain").sha256())
                .isEqualTo(token(Map.of("a", "b"), "text/plain").sha256());
    }

    @Test
    void aContentTypeIsKeptAsFarAsTheServiceTakesItAndInBoundsBeyond() {
        String longest = "数".repeat(255);

        assertThat(token(Map.of(), longest).contentType()).isEqualTo(longest);
        assertThat(token(Map.of(), "🔑".repeat(255)).contentType()).isEqualTo("🔑".repeat(255));
        assertThat(token(Map.of(), "a\u0000b\nc").contentType()).isEqualTo("a b c");
        assertThat(token(Map.of(), "a".repeat(1_001)).contentType()).isEqualTo("a".repeat(999) + "…");
    }
}
