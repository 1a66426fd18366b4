package io.keyvaultbackup.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the program's exit code says; anything else is a failure too. */
enum ExitCode {
    DONE(0, "done, or already done"),
    FAILED(1, "failed"),
    WRONG_USAGE(2, "wrong usage or configuration; nothing was started"),
    INCOMPLETE(3, "incomplete, and a relaunch may help"),
    DAMAGED(4, "damage was found, or a restore that is not as the snapshot; it is named"),
    INCOMPLETE_FOR_GOOD(5, "incomplete, and no relaunch can help (more than 500 versions, ...)"),
    NOT_FOUND(10, "not found: the store, or what was named"),
    HELD(11, "another run holds this vault"),
    NOT_AUTHORISED(13, "not authorised; of several vaults, none could be started"),
    INTERRUPTED(130, "interrupted; the same command (with the run's --scheduled-for) continues it");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }

    /** What a process ended with. */
    static ExitCode of(int number) {
        return Arrays.stream(values())
                .filter(code -> code.number == number)
                .findFirst()
                .orElse(FAILED);
    }

    /** For {@code --help}: number and meaning of each, in the order of the numbers. */
    static Map<String, String> help(Collection<ExitCode> codes) {
        Map<String, String> help = new LinkedHashMap<>();
        codes.stream().sorted().forEach(code -> help.put(String.valueOf(code.number), code.meaning));
        return help;
    }

    /**
     * What several vaults come to: the code that all have, or else whether a relaunch may help any of them. Whatever kept one vault
     * from being begun (permission, another run, ...) can be mended, so it counts as such.
     */
    static ExitCode together(List<ExitCode> codes) {
        List<ExitCode> different = codes.stream().distinct().toList();
        if (different.contains(DAMAGED)) {
            return DAMAGED;
        }
        if (different.contains(INTERRUPTED)) {
            return INTERRUPTED;
        }
        if (different.size() == 1) {
            return different.getFirst();
        }
        boolean relaunchMayHelp = different.stream().anyMatch(code -> code != DONE && code != INCOMPLETE_FOR_GOOD);
        if (relaunchMayHelp) {
            return INCOMPLETE;
        }
        return different.contains(INCOMPLETE_FOR_GOOD) ? INCOMPLETE_FOR_GOOD : DONE;
    }
}
