package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.SpringProperties;

/** Starts the application context with a verb's options as its highest properties: options, environment, files, defaults. */
final class Application {

    /** Who logs failures, with stack traces, that the verb tells as well: switched off in application.yaml. */
    private static final List<String> REPORTED_ONCE = List.of(
            "org.springframework.batch.core",
            "org.springframework.jdbc.support",
            "org.springframework.transaction",
            "com.zaxxer.hikari");

    /** Where several start in one JVM, as in tests: each configures the logging, which is the JVM's, and fails if another does at that moment. */
    private static final Lock ONE_AT_A_TIME = new ReentrantLock();

    private final Class<?>[] sources;
    private final Map<String, String> environment;

    Application(Class<?>... sources) {
        this(Map.of(), sources);
    }

    private Application(Map<String, String> environment, Class<?>... sources) {
        this.environment = environment;
        this.sources = sources.clone();
    }

    /** The same with these environment variables instead of the process's. */
    Application in(Map<String, String> variables) {
        return new Application(Map.copyOf(variables), sources);
    }

    /**
     * Starts it if nothing is wrong with the configuration, as far as the verb needs it; before that is known, nothing is opened or
     * written.
     *
     * @param onTheCommandLine what is known to be wrong already
     * @throws RunRefusedException that names all that is wrong
     */
    ConfigurableApplicationContext start(
            Map<String, String> properties,
            CommonOptions common,
            ConfigurationChecks.Scope scope,
            List<String> onTheCommandLine) {
        return run(new SpringApplication(sources), properties, common, scope, onTheCommandLine);
    }

    /** The same with the program that serves instead ({@link ServedBy}), whose servers have started then. */
    ConfigurableApplicationContext serve(
            Map<String, String> properties,
            CommonOptions common,
            ConfigurationChecks.Scope scope,
            List<String> onTheCommandLine) {
        Class<?>[] served = Arrays.stream(sources).map(Application::served).toArray(Class<?>[]::new);
        // Requests make what needs the job database, and fail at it while that is away: without, one that takes it
        // apart and one that waits for it wait for each other.
        SpringProperties.setFlag(DefaultListableBeanFactory.STRICT_LOCKING_PROPERTY_NAME);
        SpringApplication application = new SpringApplication(served);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        return run(application, properties, common, scope, onTheCommandLine);
    }

    private static Class<?> served(Class<?> source) {
        ServedBy by = source.getAnnotation(ServedBy.class);
        return by == null ? source : by.value();
    }

    private ConfigurableApplicationContext run(
            SpringApplication application,
            Map<String, String> properties,
            CommonOptions common,
            ConfigurationChecks.Scope scope,
            List<String> onTheCommandLine) {
        application.setLazyInitialization(true); // each verb needs a part of it: a second less
        LogFormat logFormat = new LogFormat();
        application.addListeners(logFormat);
        if (!environment.isEmpty()) {
            application.addListeners(new GivenEnvironment(environment));
        }
        application.addInitializers(context -> {
            JobDatabasePlace.resolve(context.getEnvironment());
            DashboardPlace.resolve(context.getEnvironment());
            ((GenericApplicationContext) context)
                    .registerBean(
                            ConfigurationChecks.class,
                            () -> new ConfigurationChecks(
                                    context.getEnvironment(),
                                    scope,
                                    Stream.concat(onTheCommandLine.stream(), logFormat.problems().stream())
                                            .toList()));
        });
        List<String> unreadable = ConfigurationFiles.problems(common.config());
        if (!unreadable.isEmpty()) {
            throw RunRefusedException.wrongConfiguration(unreadable);
        }
        ONE_AT_A_TIME.lock();
        try {
            return application.run(arguments(properties, common));
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static String[] arguments(Map<String, String> properties, CommonOptions common) {
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        Path config = common.config();
        if (config != null) {
            arguments.add("--spring.config.additional-location="
                    + config.toAbsolutePath().toUri());
        }
        if (common.debug()) {
            arguments.add("--logging.level.root=INFO");
            arguments.add("--logging.level.io.keyvaultbackup=DEBUG");
            for (String quiet : REPORTED_ONCE) {
                arguments.add("--logging.level." + quiet + "=INFO");
            }
        }
        return arguments.toArray(String[]::new);
    }
}
