package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** That the search for secrets finds them. */
class CanariesTest {

    private static final String SECRET = "canary-\"of\"\\a/test+&=";
    private static final Canaries CANARIES = new Canaries().plant("someone", SECRET);

    static Stream<String> outputs() {
        JsonMapper json = new JsonMapper();
        String inUrl = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        return Stream.of(
                "Connecting with " + SECRET + " now",
                "client_secret=" + inUrl,
                "?sig=" + inUrl.toLowerCase(java.util.Locale.ROOT),
                "twice ?url=" + URLEncoder.encode("?sig=" + inUrl, StandardCharsets.UTF_8),
                "a part of it escaped: canary-%22of\"\\a/test%2b&=",
                json.writeValueAsString(java.util.Map.of("message", "of " + SECRET)),
                "{\"message\":\"canary-\\u0022of\\u0022\\\\a\\/test\\u002b&=\"}",
                "Authorization: Basic " + base64("someone:" + SECRET),
                "Base64 " + base64(SECRET + " and more"),
                "Base64 " + base64("1" + SECRET + " and more"),
                "Base64 " + base64("12" + SECRET + " and more"),
                "Base64 " + base64("123" + SECRET),
                "Base64 of URLs "
                        + Base64.getUrlEncoder()
                                .encodeToString(("x" + SECRET + ">>>").getBytes(StandardCharsets.UTF_8)),
                "\\x" + HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.UTF_8)),
                "Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhIn0.c2lnbmF0dXJl");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void findsItInWhateverForm(String output) {
        assertThat(CANARIES.in("an output", output)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary-of-another",
                "100 % \\ of it",
                "eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl",
                "sig=%XY \\u00zz"
            })
    void findsNothingInWhatIsNone(String output) {
        assertThat(CANARIES.in("an output", output)).isEmpty();
    }
}
