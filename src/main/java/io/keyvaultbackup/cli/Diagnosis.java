package io.keyvaultbackup.cli;

/**
 * What went wrong, and what to do: two lines.
 *
 * @param advice empty where the first line says it
 */
record Diagnosis(ExitCode code, String what, String advice) {

    String message() {
        return advice.isEmpty() ? what : what + System.lineSeparator() + advice;
    }
}
