package io.keyvaultbackup.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The answers to command lines that ask for nothing but help or the version, word for word what picocli answers. Help is kept with its
 * colours in files that HelpTextsTest holds against picocli.
 */
public final class KnownAnswers {

    private static final String PROGRAM = "keyvault-backup";
    private static final List<String> HELP = List.of("--help", "-h");

    private final boolean coloured;

    public KnownAnswers(boolean coloured) {
        this.coloured = coloured;
    }

    /** Empty for every command line that is not known here, wrong ones as well. */
    public Optional<String> to(String... arguments) {
        String first = arguments.length > 0 ? arguments[0] : "";
        return switch (arguments.length) {
            case 1 -> ofProgram(first);
            case 2 -> ofVerb(first, arguments[1]);
            default -> Optional.empty();
        };
    }

    private Optional<String> ofProgram(String asked) {
        return switch (asked) {
            case "--help", "-h", "help" -> help(PROGRAM);
            case "--version", "-V" -> Optional.of(ToolVersion.ofProgram() + System.lineSeparator());
            case "version" -> Optional.of(ToolVersion.ofProgramAndJava() + System.lineSeparator());
            default -> Optional.empty();
        };
    }

    private Optional<String> ofVerb(String first, String second) {
        if (HELP.contains(second)) {
            return help(PROGRAM + "-" + first);
        }
        return first.equals("help") ? help(PROGRAM + "-" + second) : Optional.empty();
    }

    private Optional<String> help(String name) {
        try (InputStream text = KnownAnswers.class.getResourceAsStream("/META-INF/help/" + name + ".txt")) {
            return text == null
                    ? Optional.empty()
                    : Optional.of(forThisScreen(new String(text.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the help of " + name, unreadable);
        }
    }

    private String forThisScreen(String text) {
        String shown = coloured ? text : text.replaceAll("\u001b\\[[0-9;]*m", "");
        return shown.replace("\n", System.lineSeparator());
    }
}
