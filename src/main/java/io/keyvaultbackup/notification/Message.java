package io.keyvaultbackup.notification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people read of it, not yet in the form of any way.
 *
 * @param facts a word and what is to be said of it
 * @param sentences what it means, and what to do
 * @param link to the dashboard; null where none is known
 * @param json the same for programs, in order
 */
record Message(
        String title,
        Map<String, String> facts,
        List<String> sentences,
        @Nullable String command,
        @Nullable String link,
        Map<String, Object> json) {

    private static final int VERSION = 1;

    /** So many vaults are named; the others are on the dashboard, and in the JSON. */
    private static final int MOST_NAMED = 20;

    /** @param dashboard its address; null where none is known */
    static Message of(Notice notice, @Nullable String dashboard) {
        News news = notice.news();
        String link = dashboard == null ? null : dashboard + "/vaults/" + news.vault();
        String command = notice.event() == Event.RECOVERED ? null : news.topic().command(news.vault());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Vault", news.vault());
        if (news.run() != null) {
            facts.put("Run", news.run());
        }
        facts.put(
                notice.event() == Event.RECOVERED ? "In trouble since" : "Since",
                notice.since().toString());
        news.outcomes().forEach((outcome, count) -> facts.put(words(outcome), count.toString()));
        List<String> sentences = new ArrayList<>(List.of(notice.event().meaning()));
        List<Map<String, Object>> reasons = new ArrayList<>();
        news.reasons().forEach((reason, count) -> {
            sentences.add(count + " times " + reason.words() + ": " + reason.advice());
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("reason", reason.name());
            told.put("count", count);
            told.put("advice", reason.advice());
            reasons.add(told);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("type", "notification");
        json.putAll(named(notice));
        json.put("at", notice.at().toString());
        json.put("since", notice.since().toString());
        json.put("outcomes", news.outcomes());
        json.put("reasons", reasons);
        putIfGiven(json, "run", news.run());
        putIfGiven(json, "command", command);
        putIfGiven(json, "link", link);
        return new Message(notice.title(), facts, sentences, command, link, json);
    }

    /** Of many at once. */
    static Message of(List<Notice> notices, @Nullable String dashboard) {
        Map<String, Long> counts = notices.stream()
                .collect(Collectors.groupingBy(notice -> notice.event().key(), TreeMap::new, Collectors.counting()));
        Map<String, String> facts = new LinkedHashMap<>();
        counts.forEach((event, count) -> facts.put(words(event), count.toString()));
        List<String> sentences = new ArrayList<>(
                notices.stream().limit(MOST_NAMED).map(Notice::title).toList());
        if (notices.size() > MOST_NAMED) {
            sentences.add("And " + (notices.size() - MOST_NAMED) + " more.");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("type", "digest");
        json.put("events", counts);
        json.put("notices", notices.stream().map(Message::named).toList());
        putIfGiven(json, "link", dashboard);
        return new Message(
                notices.size() + " more notifications of vaults",
                facts,
                sentences,
                "keyvault-backup runs",
                dashboard,
                json);
    }

    private static Map<String, Object> named(Notice notice) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("event", notice.event().key());
        named.put("topic", notice.news().topic().name().toLowerCase(Locale.ROOT));
        named.put("vault", notice.vault());
        return named;
    }

    private static void putIfGiven(Map<String, Object> json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static String words(String name) {
        String words = name.toLowerCase(Locale.ROOT).replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** As one text, such as a mail. */
    String text() {
        StringBuilder text = new StringBuilder(title).append("\n\n");
        sentences.forEach(sentence -> text.append(sentence).append('\n'));
        text.append('\n');
        facts.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        if (command != null) {
            text.append("\nTo see more, or to mend it: ").append(command).append('\n');
        }
        if (link != null) {
            text.append('\n').append(link).append('\n');
        }
        return text.toString();
    }
}
