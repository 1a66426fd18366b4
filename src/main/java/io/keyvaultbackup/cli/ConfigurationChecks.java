package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.run.RunRefusedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;

/** Refuses a wrong configuration, with all that is wrong in it at once, before the first bean is made: no database, no call, no file. */
final class ConfigurationChecks implements BeanFactoryPostProcessor {

    private final List<String> onTheCommandLine;

    /** @param onTheCommandLine what is known to be wrong already */
    ConfigurationChecks(List<String> onTheCommandLine) {
        this.onTheCommandLine = List.copyOf(onTheCommandLine);
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        Set<String> problems = new LinkedHashSet<>(onTheCommandLine);
        for (String check : beans.getBeanNamesForType(ConfigurationCheck.class, true, false)) {
            try {
                problems.addAll(beans.getBean(check, ConfigurationCheck.class).problems());
            } catch (BeansException failed) {
                problems.add(sentence(failed));
            }
        }
        if (!problems.isEmpty()) {
            throw RunRefusedException.wrongConfiguration(List.copyOf(problems));
        }
    }

    private static String sentence(BeansException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException unreadable) {
                return UnreadableProperty.sentence(unreadable);
            }
        }
        throw failed;
    }
}
