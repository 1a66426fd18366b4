package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.KeepPolicy;
import java.util.ArrayList;
import java.util.List;

/** A policy in words, as its options are written; it is kept in tombstones. Stateless. */
final class PolicyWords {

    private PolicyWords() {}

    static String of(KeepPolicy policy) {
        List<String> words = new ArrayList<>();
        number(words, "keep-last", policy.last());
        number(words, "keep-hourly", policy.hourly());
        number(words, "keep-daily", policy.daily());
        number(words, "keep-weekly", policy.weekly());
        number(words, "keep-monthly", policy.monthly());
        number(words, "keep-yearly", policy.yearly());
        if (policy.within() != null) {
            words.add("keep-within " + policy.within());
        }
        policy.tags().forEach(tag -> words.add("keep-tag " + tag));
        words.add("zone " + policy.zone());
        return String.join(", ", words);
    }

    private static void number(List<String> words, String rule, int number) {
        if (number > 0) {
            words.add(rule + " " + number);
        }
    }
}
