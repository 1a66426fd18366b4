package io.keyvaultbackup.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing that is wrong, and what is to be said of it; all else is right. {@code <dir>} stands for a directory of the row's own. */
final class WrongRow {

    /** Planted in every row; none may ever be shown. */
    static final List<String> CANARIES =
            List.of("canary-sas-41c7", "canary-connection-8d02", "canary-client-b5e9", "canary-password-f36a");

    static final String SAS = CANARIES.get(0);
    static final String CONNECTION = CANARIES.get(1);
    static final String CLIENT_SECRET = CANARIES.get(2);
    static final String PASSWORD = CANARIES.get(3);

    private final String name;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> arguments = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private String verb = "backup";
    private @Nullable String file;
    private String fileName = "nightly.properties";
    private int exitCode = 2;

    private WrongRow(String name) {
        this.name = name;
        properties.put("keyvault-backup.data-directory", "<dir>/data");
        properties.put("keyvault-backup.vaults", "https://team-a.vault.azure.net");
        properties.put("keyvault-backup.store.directory", "<dir>/store");
        environment.put("AZURE_CLIENT_SECRET", CLIENT_SECRET);
        environment.put("SPRING_DATASOURCE_PASSWORD", PASSWORD);
    }

    static WrongRow row(String name) {
        return new WrongRow(name);
    }

    WrongRow with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    WrongRow without(String property) {
        properties.remove(property);
        return this;
    }

    WrongRow variable(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    WrongRow arguments(String... given) {
        arguments.addAll(List.of(given));
        return this;
    }

    WrongRow verb(String given) {
        verb = given;
        return this;
    }

    /** This text as the whole file of --config. */
    WrongRow file(String given, String text) {
        fileName = given;
        file = text;
        return this;
    }

    WrongRow exits(int code) {
        exitCode = code;
        return this;
    }

    WrongRow says(String... sentences) {
        said.addAll(List.of(sentences));
        return this;
    }

    int exitCode() {
        return exitCode;
    }

    List<String> said(Path directory) {
        return said.stream().map(text -> inDirectory(text, directory)).toList();
    }

    Invocation run(Path directory) throws IOException {
        Files.writeString(directory.resolve("a-file"), "no directory, and no PEM\n");
        StringBuilder text = new StringBuilder();
        properties.forEach((property, value) ->
                text.append(property).append('=').append(value).append('\n'));
        Path config = directory.resolve(fileName);
        Files.writeString(config, inDirectory(file == null ? text.toString() : file, directory));
        List<String> line = new ArrayList<>(List.of(verb));
        if (!arguments.contains("--config")) {
            line.addAll(List.of("--config", config.toString()));
        }
        arguments.forEach(argument -> line.add(inDirectory(argument, directory)));
        return Invocation.in(environment, line.toArray(String[]::new));
    }

    private static String inDirectory(String text, Path directory) {
        return text.replace("<dir>", directory.toString().replace('\\', '/'));
    }

    @Override
    public String toString() {
        return name;
    }
}
