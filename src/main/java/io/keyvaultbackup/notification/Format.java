package io.keyvaultbackup.notification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How a webhook wants to be told: the body of the request, before it is JSON. */
enum Format {
    /** An incoming webhook of Slack: blocks, and a text for where those can't be shown. */
    SLACK {
        @Override
        Map<String, Object> body(Message message) {
            List<Map<String, Object>> blocks = new ArrayList<>();
            blocks.add(section("*" + escaped(message.title()) + "*"));
            blocks.add(section(message.sentences().stream().map(Format::escaped).collect(Collectors.joining("\n"))));
            blocks.add(section(message.facts().entrySet().stream()
                    .map(fact -> "*" + escaped(fact.getKey()) + ":* " + escaped(fact.getValue()))
                    .collect(Collectors.joining("\n"))));
            if (message.command() != null) {
                blocks.add(section("`" + escaped(message.command()) + "`"));
            }
            if (message.link() != null) {
                blocks.add(section("<" + escaped(message.link()) + "|The dashboard>"));
            }
            return Map.of("text", escaped(message.title()), "blocks", blocks);
        }

        private static Map<String, Object> section(String text) {
            return Map.of("type", "section", "text", Map.of("type", "mrkdwn", "text", cut(text, MOST_OF_A_SECTION)));
        }
    },
    /** A workflow of Teams that posts to a channel when a webhook is called: a message with an Adaptive Card. */
    TEAMS {
        @Override
        Map<String, Object> body(Message message) {
            List<Map<String, Object>> body = new ArrayList<>();
            body.add(text(message.title(), Map.of("weight", "Bolder", "size", "Large")));
            message.sentences().forEach(sentence -> body.add(text(sentence, Map.of())));
            message.facts().forEach((name, value) -> body.add(text(name + ": " + value, Map.of())));
            if (message.command() != null) {
                body.add(text(message.command(), Map.of("fontType", "Monospace")));
            }
            Map<String, Object> card = new LinkedHashMap<>();
            card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
            card.put("type", "AdaptiveCard");
            card.put("version", "1.4");
            card.put("fallbackText", message.title());
            card.put("body", body);
            if (message.link() != null) {
                card.put(
                        "actions",
                        List.of(Map.of("type", "Action.OpenUrl", "title", "The dashboard", "url", message.link())));
            }
            return Map.of(
                    "type",
                    "message",
                    "attachments",
                    List.of(Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", card)));
        }

        // Not a TextBlock, which understands Markdown and has no way to say that something is none.
        private static Map<String, Object> text(String text, Map<String, Object> looks) {
            Map<String, Object> run = new LinkedHashMap<>(looks);
            run.put("type", "TextRun");
            run.put("text", text);
            return Map.of("type", "RichTextBlock", "inlines", List.of(run));
        }
    },
    /** For programs; docs/notifications.md has the schema, which is a public interface. */
    JSON {
        @Override
        Map<String, Object> body(Message message) {
            return message.json();
        }
    };

    private static final int MOST_OF_A_SECTION = 2_900;

    abstract Map<String, Object> body(Message message);

    /** The three characters that mean something else to Slack. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
