package io.keyvaultbackup.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the application context with a verb's options as its highest properties: options, environment, files, defaults. */
final class Application {

    private final Class<?>[] sources;

    Application(Class<?>... sources) {
        this.sources = sources.clone();
    }

    ConfigurableApplicationContext start(Map<String, String> properties, CommonOptions common) {
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        Path config = common.config();
        if (config != null) {
            if (!Files.isReadable(config)) {
                throw new IllegalArgumentException(
                        "--config: '" + config + "' cannot be read; name a file such as ./nightly.yaml");
            }
            arguments.add("--spring.config.additional-location="
                    + config.toAbsolutePath().toUri());
        }
        if (common.debug()) {
            arguments.add("--logging.level.root=INFO");
            arguments.add("--logging.level.io.keyvaultbackup=DEBUG");
        }
        SpringApplication application = new SpringApplication(sources);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(arguments.toArray(String[]::new));
    }
}
