package io.keyvaultbackup.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.FileSystemResource;

/**
 * Whether the files that the configuration is read from are in the form that they should be. Spring Boot finds out by itself, but says
 * neither which file it is nor what is wrong with a second one.
 */
final class ConfigurationFiles {

    /** Where Spring Boot looks beside where the program runs. */
    private static final List<Path> USUAL = List.of(
            Path.of("application.properties"),
            Path.of("application.yaml"),
            Path.of("application.yml"),
            Path.of("config", "application.properties"),
            Path.of("config", "application.yaml"),
            Path.of("config", "application.yml"));

    private ConfigurationFiles() {}

    /** @param config the file of --config, if one was given */
    static List<String> problems(@Nullable Path config) {
        List<String> problems = new ArrayList<>();
        if (config != null && (!Files.isRegularFile(config) || !Files.isReadable(config))) {
            problems.add("--config: '" + config + "' cannot be read; name a file such as ./nightly.yaml");
        } else if (config != null && !config.toString().matches("(?i).*\\.(ya?ml|properties)")) {
            problems.add("--config: '" + config
                    + "' is of no known form; its name ends in .yaml, .yml or .properties, such as ./nightly.yaml");
        } else if (config != null) {
            problems.addAll(problemsIn(config));
        }
        USUAL.stream().filter(Files::isRegularFile).forEach(file -> problems.addAll(problemsIn(file)));
        return problems;
    }

    private static List<String> problemsIn(Path file) {
        PropertySourceLoader loader =
                file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".properties")
                        ? new PropertiesPropertySourceLoader()
                        : new YamlPropertySourceLoader();
        try {
            loader.load(file.toString(), new FileSystemResource(file));
            return List.of();
        } catch (IOException unreadable) {
            return List.of(file + ": cannot be read");
        } catch (RuntimeException malformed) {
            List<String> known = ConfigurationFailures.malformed(file.toString(), malformed);
            return known.isEmpty() ? List.of(file + ": cannot be read as what its name says it is") : known;
        }
    }
}
