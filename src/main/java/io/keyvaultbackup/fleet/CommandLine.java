package io.keyvaultbackup.fleet;

import io.keyvaultbackup.run.VaultTerms;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** What a verb's options say holds for every vault, also for those of which the configuration says something else. Immutable. */
final class CommandLine {

    private static final OwnRetention NO_RULE = new OwnRetention(null, null, null, null, null, null, null, null);

    private final ConfigurableEnvironment environment;

    CommandLine(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** These, but for what an option says. */
    VaultTerms over(VaultTerms terms) {
        return new VaultTerms(
                says("kinds") ? null : terms.kinds(),
                says("include") ? null : terms.include(),
                says("exclude") ? null : terms.exclude(),
                says("budget") ? null : terms.budget(),
                says("store.immutable-for") ? null : terms.immutableFor(),
                terms.subscription(),
                terms.geography(),
                terms.objective());
    }

    /** Whether it names the store of all vaults. */
    boolean namesStore() {
        return Stream.of("directory", "container-url", "connection-string").anyMatch(place -> says("store." + place));
    }

    /** The rules of retention that it gives. */
    OwnRetention retention() {
        @Nullable PropertySource<?> given = given();
        @Nullable ConfigurationPropertySource source = given == null ? null : ConfigurationPropertySource.from(given);
        return source == null
                ? NO_RULE
                : new Binder(source)
                        .bind("keyvault-backup.retention", OwnRetention.class)
                        .orElse(NO_RULE);
    }

    private @Nullable PropertySource<?> given() {
        return environment.getPropertySources().get(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME);
    }

    private boolean says(String property) {
        String name = "keyvault-backup." + property;
        return given() instanceof EnumerablePropertySource<?> given
                && Arrays.stream(given.getPropertyNames())
                        .anyMatch(option -> option.equals(name) || option.startsWith(name + "["));
    }
}
