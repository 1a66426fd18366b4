package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.store.StoreConfiguration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;

/** Refuses a wrong configuration, with all that is wrong in it at once, before the first bean is made: no database, no call, no file. */
final class ConfigurationChecks implements BeanFactoryPostProcessor {

    /** The checks of how Azure is reached, by their beans' names. */
    private static final Set<String> OF_AZURE = Set.of("azureCheck", "trustCheck");

    private static final String OF_THE_STORE = "storeCheck";

    private final ConfigurableEnvironment environment;
    private final Scope scope;
    private final List<String> onTheCommandLine;

    /** How much of the configuration a verb needs. */
    enum Scope {
        /** That everything can be read and is known, and how Azure is reached; nothing of a store or a job database. */
        AZURE,
        /** That everything can be read and is known, and where the job database is. */
        DATABASE,
        /** That everything can be read and is known, and all that the store needs; nothing of the job database or the vaults. */
        STORE,
        /** Whatever is given has to be right, and nothing has to be: no store, no vault. */
        DASHBOARD,
        /** All that a backup needs, too, but for which vaults. */
        ALL_BUT_VAULTS,
        /** All that a backup needs. */
        EVERYTHING
    }

    /** @param onTheCommandLine what is known to be wrong already */
    ConfigurationChecks(ConfigurableEnvironment environment, Scope scope, List<String> onTheCommandLine) {
        this.environment = environment;
        this.scope = scope;
        this.onTheCommandLine = List.copyOf(onTheCommandLine);
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        KnownProperties known = KnownProperties.onTheClassPath();
        Set<String> problems = new LinkedHashSet<>(onTheCommandLine);
        problems.addAll(new UnknownProperties(known).in(environment));
        problems.addAll(new UnreadableProperties(known).putAside(environment));
        if (scope != Scope.STORE && scope != Scope.AZURE) {
            problems.addAll(JobDatabasePlace.problems(environment));
        }
        if (scope != Scope.DATABASE) {
            for (String check : beans.getBeanNamesForType(ConfigurationCheck.class, true, false)) {
                if ((scope == Scope.AZURE && !OF_AZURE.contains(check)) || isOfNoStore(check)) {
                    continue;
                }
                try {
                    ConfigurationCheck configuration = beans.getBean(check, ConfigurationCheck.class);
                    if (scope == Scope.EVERYTHING || !(configuration instanceof VaultsAreNamed)) {
                        problems.addAll(configuration.problems());
                    }
                } catch (BeansException failed) {
                    problems.addAll(sentences(failed));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw RunRefusedException.wrongConfiguration(List.copyOf(problems));
        }
    }

    private boolean isOfNoStore(String check) {
        return scope == Scope.DASHBOARD && check.equals(OF_THE_STORE) && !StoreConfiguration.isNamed(environment);
    }

    private static List<String> sentences(BeansException failed) {
        List<String> sentences = ConfigurationFailures.sentences(failed);
        if (sentences.isEmpty()) {
            throw failed;
        }
        return sentences;
    }
}
