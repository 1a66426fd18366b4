package io.keyvaultbackup.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages work under a Content-Security-Policy that allows nothing of another host, and nothing inline. */
class TemplatesTest {

    private static final List<Pattern> NOT_ALLOWED = Stream.of(
                    "<style",
                    "\\sstyle\\s*=",
                    "th:style",
                    "th:styleappend",
                    "<script(?![^>]*\\bth:src=)",
                    "<script[^>]*>\\s*[^<\\s]",
                    "\\son[a-z]+\\s*=",
                    "th:on[a-z]+",
                    "hx-on",
                    "hx-vals\\s*=\\s*[\"']js:",
                    "hx-trigger\\s*=\\s*[\"'][^\"']*\\[",
                    "javascript:",
                    "th:utext",
                    "(src|href)\\s*=\\s*[\"']https?:",
                    "<iframe|<object|<embed")
            .map(pattern -> Pattern.compile(pattern, Pattern.CASE_INSENSITIVE))
            .toList();

    private static Map<String, String> resources(String folder, String ending) {
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources", folder))) {
            Map<String, String> texts = new TreeMap<>();
            for (Path file :
                    files.filter(file -> file.toString().endsWith(ending)).toList()) {
                texts.put(file.toString(), Files.readString(file));
            }
            return texts;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void nothingIsInline() {
        assertThat(resources("templates", ".html"))
                .isNotEmpty()
                .allSatisfy((file, text) -> assertThat(NOT_ALLOWED.stream()
                                .filter(pattern -> pattern.matcher(text).find()))
                        .as(file)
                        .isEmpty());
    }

    @Test
    void whatIsNotAllowedIsSeen() {
        for (String wrong : List.of(
                "<p style=\"color: red\">",
                "<script>alert(1)</script>",
                "<a onclick=\"x()\">",
                "<div hx-on:click=\"x()\">",
                "<script src=\"https://cdn\"></script>",
                "<p th:utext=\"${x}\">",
                "<div hx-trigger=\"every 5s [visible]\">")) {
            assertThat(NOT_ALLOWED)
                    .as(wrong)
                    .anyMatch(pattern -> pattern.matcher(wrong).find());
        }
    }

    @Test
    void htmxIsToldToDoNothingThatThePolicyForbids() {
        assertThat(resources("templates", "layout.html").values())
                .singleElement()
                .asString()
                .contains(
                        "\"includeIndicatorStyles\":false",
                        "\"allowEval\":false",
                        "\"allowScriptTags\":false",
                        "\"selfRequestsOnly\":true",
                        "\"historyCacheSize\":0");
    }

    @Test
    void scriptsAndStylesComeFromHereAndMakeNoCodeFromText() {
        assertThat(resources("static", ".js"))
                .isNotEmpty()
                .allSatisfy((file, text) -> assertThat(text)
                        .as(file)
                        .doesNotContain(
                                "eval(",
                                "new Function",
                                "innerHTML",
                                "document.write",
                                "http://",
                                "https://",
                                ".style"));
        assertThat(resources("static", ".css"))
                .isNotEmpty()
                .allSatisfy(
                        (file, text) -> assertThat(text).as(file).doesNotContain("@import", "url(", "http:", "https:"));
    }
}
