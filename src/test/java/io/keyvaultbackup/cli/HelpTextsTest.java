package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help that the launcher prints without picocli is what picocli would print. */
class HelpTextsTest {

    private static final Path DIRECTORY = Path.of("src/main/resources/META-INF/help");

    @Test
    void theFilesAreWhatPicocliPrints() throws IOException {
        Map<String, String> expected = expected();
        if (Boolean.getBoolean("help-texts.write")) {
            write(expected);
        }

        assertThat(files())
                .as("to write them anew: ./mvnw test -Dtest=HelpTextsTest -Dhelp-texts.write=true")
                .isEqualTo(expected);
    }

    private static Map<String, String> expected() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("keyvault-backup.txt", picocli("--help"));
        Verbs verbs = new Verbs(Terminal.plain(System.out, System.err), new Application(), StopSignal::new);
        new CommandLine(new RootVerb(), verbs)
                .getSubcommands()
                .keySet()
                .forEach(verb -> texts.put("keyvault-backup-" + verb + ".txt", picocli("help", verb)));
        return texts;
    }

    private static String picocli(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        CommandLineInterface.in(Map.of(), new Terminal(stream, stream, true, true))
                .execute(arguments);
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static Map<String, String> files() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path file : list()) {
            texts.put(file.getFileName().toString(), Files.readString(file));
        }
        return texts;
    }

    private static void write(Map<String, String> texts) throws IOException {
        for (Path file : list()) {
            Files.delete(file);
        }
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(DIRECTORY.resolve(text.getKey()), text.getValue());
        }
    }

    private static Iterable<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.collect(Collectors.toList());
        }
    }
}
