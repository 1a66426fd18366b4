package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.KeepWithin;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Policies in few words: {@code "daily 7, within 30d, tag audit"}. */
final class Policies {

    private Policies() {}

    static KeepPolicy policy(String rules) {
        return policy(rules, ZoneOffset.UTC);
    }

    static KeepPolicy policy(String rules, ZoneId zone) {
        Map<String, Integer> numbers = new HashMap<>();
        @Nullable KeepWithin within = null;
        SortedSet<String> tags = new TreeSet<>();
        for (String rule : rules.isBlank() ? new String[0] : rules.split(", ", -1)) {
            String[] words = rule.split(" ", 2);
            switch (words[0]) {
                case "within" -> within = KeepWithin.parse(words[1]);
                case "tag" -> tags.add(words[1]);
                default -> numbers.put(words[0], Integer.valueOf(words[1]));
            }
        }
        return new KeepPolicy(
                numbers.getOrDefault("last", 0),
                numbers.getOrDefault("hourly", 0),
                numbers.getOrDefault("daily", 0),
                numbers.getOrDefault("weekly", 0),
                numbers.getOrDefault("monthly", 0),
                numbers.getOrDefault("yearly", 0),
                within,
                tags,
                zone);
    }
}
