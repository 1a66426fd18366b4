package io.keyvaultbackup.emulator;

/** How the answer to a request leaves the vault. */
sealed interface Outcome {

    /** As the service would answer. */
    record Usual() implements Outcome {}

    /** Something else is answered, and no work is done. */
    record Instead(Answer answer) implements Outcome {}

    /** No work is done, and the connection is reset. */
    record Reset() implements Outcome {}

    /** The work is done, and the connection is reset instead of an answer. */
    record LostAnswer() implements Outcome {}

    /** The work is done, and the connection ends in the middle of the answer's body. */
    record Truncated() implements Outcome {}
}
