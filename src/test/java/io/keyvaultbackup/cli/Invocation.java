package io.keyvaultbackup.cli;

import io.keyvaultbackup.KeyvaultBackup;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One command line, and what came of it. */
record Invocation(int exitCode, String out, String err) {

    private static final JsonMapper JSON = new JsonMapper();

    static Invocation of(String... arguments) {
        return in(System.getenv(), arguments);
    }

    /** With these environment variables instead of the tests'. */
    static Invocation in(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = CommandLineInterface.in(
                        environment,
                        Terminal.plain(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8)),
                        KeyvaultBackup.class)
                .execute(arguments);
        return new Invocation(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** All of standard output, as the one JSON line that it should be. */
    JsonNode line() {
        return JSON.readTree(out);
    }
}
