package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Finds properties that are meant for this program and that nothing reads: most are misspelt, and would be without effect. */
final class UnknownProperties {

    private static final Pattern OURS = Pattern.compile("KEYVAULT_?BACKUP_.+");

    /** What Kubernetes gives a pod for each service of its namespace, also for one that is named keyvault-backup. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "KEYVAULT_?BACKUP_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    private final KnownProperties known;

    UnknownProperties(KnownProperties known) {
        this.known = known;
    }

    /** A sentence for each. */
    List<String> in(ConfigurableEnvironment environment) {
        List<String> problems = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> named) {
                for (String name : named.getPropertyNames()) {
                    String problem = source instanceof SystemEnvironmentPropertySource
                            ? ofVariable(name)
                            : ofProperty(name, named);
                    if (problem != null) {
                        problems.add(problem);
                    }
                }
            }
        }
        return problems;
    }

    private @Nullable String ofVariable(String given) {
        String variable = given.toUpperCase(Locale.ROOT);
        if (!OURS.matcher(variable).matches() || SERVICE_LINK.matcher(variable).matches()) {
            return null;
        }
        for (KnownProperty property : known.all()) {
            for (String spelling : property.environmentVariables()) {
                boolean part = variable.startsWith(spelling + "_")
                        && (property.isMap() || (property.isList() && property.isElementVariable(spelling, variable)));
                if (variable.equals(spelling) || part) {
                    return null;
                }
            }
        }
        String rest = variable.replaceFirst("KEYVAULT_?BACKUP_", "").replaceAll("_+", ".");
        ConfigurationPropertyName name =
                ConfigurationPropertyName.adapt(KnownProperties.ROOT + "." + rest.toLowerCase(Locale.ROOT), '.');
        KnownProperty meant = NearMiss.of(name, known);
        return "The environment variable " + given + " is not known"
                + (meant == null ? nothingLikeIt() : "; did you mean " + meant.environmentVariable() + "?");
    }

    private @Nullable String ofProperty(String given, EnumerablePropertySource<?> source) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(given, '.');
        if (name.isEmpty()) {
            return null;
        }
        if (!KnownProperties.ROOT.isAncestorOf(name)) {
            return ofOtherRoot(given, name, source);
        }
        if (known.of(name) != null) {
            return null;
        }
        if (known.isGroup(name)) {
            Object value = source.getProperty(given);
            boolean empty = value == null || value.toString().isBlank();
            return empty ? null : given + where(given, source) + " has no value of its own; it holds other properties";
        }
        KnownProperty alone = name.isLastElementIndexed() ? known.of(name.getParent()) : null;
        if (alone != null) {
            return alone.name() + where(given, source) + " takes one value, not a list"
                    + (alone.defaultValue() == null ? "" : ", such as " + alone.defaultValue());
        }
        KnownProperty list = known.listOf(name);
        if (list != null) {
            return given + where(given, source) + " is not known; what is given in " + list.name() + " has "
                    + String.join(", ", list.partsBeside(name));
        }
        KnownProperty meant = NearMiss.of(name, known);
        return given + where(given, source) + " is not known"
                + (meant == null ? nothingLikeIt() : "; did you mean " + meant.name() + "?");
    }

    private static @Nullable String ofOtherRoot(
            String given, ConfigurationPropertyName name, EnumerablePropertySource<?> source) {
        String first = name.getElement(0, ConfigurationPropertyName.Form.UNIFORM);
        boolean misspelt = name.getNumberOfElements() > 1 && NearMiss.ofTheRoot(first);
        return misspelt
                ? given + where(given, source) + " is not known; the names begin with " + KnownProperties.ROOT
                : null;
    }

    private static String nothingLikeIt() {
        return "; docs/configuration.md lists all that there are, such as keyvault-backup.budget";
    }

    private static String where(String name, PropertySource<?> source) {
        Origin origin = OriginLookup.getOrigin(source, name);
        if (origin instanceof TextResourceOrigin text && text.getResource() != null && text.getLocation() != null) {
            return " (" + text.getResource().getFilename() + ", line "
                    + (text.getLocation().getLine() + 1) + ")";
        }
        return "";
    }
}
