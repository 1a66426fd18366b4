package io.keyvaultbackup.fleet;

import io.keyvaultbackup.run.VaultTerms;
import java.util.Arrays;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/** What a verb's options say holds for every vault, also for those of which the configuration says something else. Immutable. */
final class CommandLine {

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
                terms.geography());
    }

    private boolean says(String property) {
        String name = "keyvault-backup." + property;
        return environment.getPropertySources().get(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME)
                        instanceof EnumerablePropertySource<?> given
                && Arrays.stream(given.getPropertyNames())
                        .anyMatch(option -> option.equals(name) || option.startsWith(name + "["));
    }
}
