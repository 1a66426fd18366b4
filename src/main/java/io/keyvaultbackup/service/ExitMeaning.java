package io.keyvaultbackup.service;

/** What a verb's exit code says, in words. Safe for use by many threads. */
@FunctionalInterface
public interface ExitMeaning {

    /** Half a sentence, such as {@code incomplete, and a relaunch may help}. */
    String of(int exitCode);
}
