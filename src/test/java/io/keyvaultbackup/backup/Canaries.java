package io.keyvaultbackup.backup;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets that were planted, and the search for them: as they are, and in whatever form they may come out. Escapes of URLs and of JSON are
 * undone before, since any part of a secret may be escaped; of Base64 each of the three ways is known in which a secret can lie in it.
 */
final class Canaries {

    /** Head and beginning of the body of an access token; what has two dots there is a detached signature. */
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]+");

    private static final Pattern OF_URLS = Pattern.compile("%([0-9A-Fa-f]{2})");
    private static final Pattern OF_JSON = Pattern.compile("\\\\(u[0-9A-Fa-f]{4}|[\"\\\\/])");

    /** What each form is. */
    private final Map<String, String> forms = new LinkedHashMap<>();

    /** @param secret without escapes */
    Canaries plant(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        forms.put(secret, secret);
        forms.put(URLEncoder.encode(secret, StandardCharsets.UTF_8), secret + " of a form");
        forms.put(HexFormat.of().formatHex(bytes), secret + " in hexadecimal");
        for (int before = 0; before < 3; before++) {
            forms.put(within(Base64.getEncoder(), bytes, before), secret + " in Base64");
            forms.put(within(Base64.getUrlEncoder(), bytes, before), secret + " in Base64 of URLs");
        }
        return this;
    }

    /** With the user whose password it is, as HTTP sends both. */
    Canaries plant(String user, String password) {
        String both = user + ":" + password;
        forms.put(
                Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)),
                password + ", with its user, as Basic");
        return plant(password);
    }

    /** What does not depend on the bytes around it, of which so many come before (or three times as many as you like more). */
    private static String within(Base64.Encoder encoder, byte[] secret, int before) {
        byte[] padded = new byte[before + secret.length];
        System.arraycopy(secret, 0, padded, before, secret.length);
        int first = Math.ceilDiv(before * 8, 6);
        int end = padded.length * 8 / 6;
        return encoder.encodeToString(padded).substring(first, end);
    }

    /** What of them there is in a text, with what stands around it. */
    List<String> in(String where, String text) {
        List<String> found = new ArrayList<>();
        String withoutUrls = text.indexOf('%') < 0 ? text : withoutEscapesOfUrls(text);
        search(where, text, found);
        if (!withoutUrls.equals(text)) {
            search(where, withoutUrls, found);
            search(where, withoutEscapesOfUrls(withoutUrls), found);
        }
        if (withoutUrls.indexOf('\\') >= 0) {
            search(where, unescaped(OF_JSON, withoutUrls, escape -> ofJson(escape.group(1))), found);
        }
        return found;
    }

    private void search(String where, String text, List<String> found) {
        forms.forEach((form, meaning) -> {
            int at = text.indexOf(form);
            if (at >= 0) {
                found.add(meaning + " in " + where + ": " + around(text, at, form.length()));
            }
        });
        Matcher token = TOKEN.matcher(text);
        if (token.find()) {
            found.add("a token in " + where + ": " + around(text, token.start(), 20));
        }
    }

    private static String around(String text, int at, int length) {
        return text.substring(Math.max(0, at - 300), Math.min(text.length(), at + length + 60));
    }

    private static String withoutEscapesOfUrls(String text) {
        return unescaped(OF_URLS, text, escape -> ofHexadecimal(escape.group(1)));
    }

    private static String ofJson(String escaped) {
        return escaped.length() == 1 ? escaped : ofHexadecimal(escaped.substring(1));
    }

    private static String ofHexadecimal(String digits) {
        return String.valueOf((char) Integer.parseInt(digits, 16));
    }

    private static String unescaped(Pattern escapes, String text, Function<MatchResult, String> meaning) {
        return escapes.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(meaning.apply(escape)));
    }
}
