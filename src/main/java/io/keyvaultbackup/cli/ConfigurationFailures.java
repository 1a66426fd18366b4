package io.keyvaultbackup.cli;

import java.util.List;
import org.springframework.boot.context.config.ConfigDataNotFoundException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.util.PlaceholderResolutionException;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** What is wrong with the configuration, where an exception while it was read tells so. Stateless. */
final class ConfigurationFailures {

    private ConfigurationFailures() {}

    private static final String SOME_FILE = "A configuration file";

    /** Sentences for people; none if it is something else that failed. */
    static List<String> sentences(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case BindException unreadable -> {
                    return List.of(UnreadableProperty.sentence(unreadable));
                }
                case PlaceholderResolutionException unresolved -> {
                    return List.of(UnreadableProperty.unresolved(String.valueOf(unresolved.getPlaceholder())));
                }
                case ConfigDataNotFoundException missing -> {
                    return List.of(
                            "A file that the configuration names is not there: " + missing.getReferenceDescription());
                }
                default -> {
                    List<String> malformed = malformed(SOME_FILE, cause);
                    if (!malformed.isEmpty()) {
                        return malformed;
                    }
                }
            }
        }
        return List.of();
    }

    /** What is wrong with a file, without the parser's excerpt of it: that may hold a secret. */
    static List<String> malformed(String file, Throwable thrown) {
        return switch (thrown) {
            case MarkedYAMLException malformed -> List.of(notYaml(file, malformed));
            case YAMLException malformed ->
                List.of(file + ": this is not YAML: it has a character that YAML does not allow");
            case RuntimeException malformed
            when String.valueOf(malformed.getMessage()).startsWith("Malformed") ->
                List.of(file + ": this cannot be read: after \\u come four hexadecimal digits, as in \\u00e9");
            default -> List.of();
        };
    }

    private static String notYaml(String file, MarkedYAMLException malformed) {
        Mark mark = malformed.getProblemMark();
        String place = mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
        String problem = malformed.getProblem() == null
                ? "it cannot be read"
                : malformed.getProblem().strip();
        return file + place + ": this is not YAML: " + problem
                + ". Look at that line and the one before it; a valid one looks like 'budget: 50%'.";
    }
}
