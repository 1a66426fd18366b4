package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** How the log looks: decided when all of the configuration is read and before logging begins, which would end in a stack trace for what it does not know. For
 * one start. */
final class LogFormat implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private static final String PROPERTY = "logging.structured.format.console";

    /** What logback-spring.xml takes for no structure at all. */
    private static final String TEXT = "text";

    private static final List<String> STRUCTURED = List.of("ecs", "gelf", "logstash");

    private final List<String> problems = new ArrayList<>();

    /** What is wrong with it, once it was looked at; the log is text then. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        @Nullable String given = environment.getProperty(PROPERTY);
        if (given == null) {
            return;
        }
        String format = given.isBlank() ? TEXT : given.strip().toLowerCase(Locale.ROOT);
        if (!format.equals(TEXT) && !STRUCTURED.contains(format)) {
            problems.add(PROPERTY + ": '" + given + "' is not one of " + String.join(", ", STRUCTURED) + " (JSON), or "
                    + TEXT + ", which an empty value means, too");
            format = TEXT;
        }
        environment.getPropertySources().addFirst(new MapPropertySource("format of the log", Map.of(PROPERTY, format)));
    }

    @Override
    public int getOrder() {
        return EnvironmentPostProcessorApplicationListener.DEFAULT_ORDER + 1;
    }
}
