package io.keyvaultbackup.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Starts the application context with a verb's options as its highest properties: options, environment, files, defaults. */
final class Application {

    private static final String DATA_DIRECTORY = "keyvault-backup.data-directory";

    private final Class<?>[] sources;

    Application(Class<?>... sources) {
        this.sources = sources.clone();
    }

    ConfigurableApplicationContext start(Map<String, String> properties, CommonOptions common) {
        return application().run(arguments(properties, common));
    }

    /**
     * Starts it if nothing is wrong with the configuration; before that is known, nothing is opened or written.
     *
     * @param onTheCommandLine what is known to be wrong already
     * @throws io.keyvaultbackup.run.RunRefusedException that names all that is wrong
     */
    ConfigurableApplicationContext startChecked(
            Map<String, String> properties, CommonOptions common, List<String> onTheCommandLine) {
        SpringApplication application = application();
        application.addInitializers(context -> ((GenericApplicationContext) context)
                .registerBean(ConfigurationChecks.class, () -> new ConfigurationChecks(onTheCommandLine)));
        return application.run(arguments(properties, common));
    }

    private SpringApplication application() {
        SpringApplication application = new SpringApplication(sources);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.addInitializers(Application::resolveDataDirectory);
        return application;
    }

    /** H2 takes "./data" and refuses "data"; people write both, so it is given the whole path. */
    private static void resolveDataDirectory(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        String given = environment.getProperty(DATA_DIRECTORY);
        if (given != null && !given.isBlank()) {
            String resolved = Path.of(given).toAbsolutePath().normalize().toString();
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("resolved data directory", Map.of(DATA_DIRECTORY, resolved)));
        }
    }

    private static String[] arguments(Map<String, String> properties, CommonOptions common) {
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        Path config = common.config();
        if (config != null) {
            if (!Files.isRegularFile(config) || !Files.isReadable(config)) {
                throw new IllegalArgumentException(
                        "--config: '" + config + "' cannot be read; name a file such as ./nightly.yaml");
            }
            if (!config.toString().matches("(?i).*\\.(ya?ml|properties)")) {
                throw new IllegalArgumentException("--config: '" + config
                        + "' is of no known form; its name ends in .yaml, .yml or .properties, such as ./nightly.yaml");
            }
            arguments.add("--spring.config.additional-location="
                    + config.toAbsolutePath().toUri());
        }
        if (common.debug()) {
            arguments.add("--logging.level.root=INFO");
            arguments.add("--logging.level.io.keyvaultbackup=DEBUG");
        }
        return arguments.toArray(String[]::new);
    }
}
