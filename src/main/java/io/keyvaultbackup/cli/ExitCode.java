package io.keyvaultbackup.cli;

import java.util.List;

/** What the program's exit code says; anything else is a failure too. */
enum ExitCode {
    DONE(0, "done, or already done"),
    FAILED(1, "failed"),
    WRONG_USAGE(2, "wrong usage or configuration; nothing was started"),
    INCOMPLETE(3, "incomplete, and a relaunch may help"),
    INCOMPLETE_FOR_GOOD(5, "incomplete, and no relaunch can help (more than 500 versions, ...)"),
    NOT_FOUND(10, "store or snapshot not found"),
    HELD(11, "another run holds this vault"),
    NOT_AUTHORISED(13, "not authorised");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /** For {@code --help}: {@code 3:incomplete, …}. */
    static List<String> help() {
        return java.util.Arrays.stream(values())
                .map(code -> code.number + ":" + code.meaning)
                .toList();
    }
}
