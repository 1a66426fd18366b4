package io.keyvaultbackup.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataNotFoundException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.util.PlaceholderResolutionException;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** What is wrong with the configuration, where an exception while it was read tells so. Stateless. */
final class ConfigurationFailures {

    private static final Pattern FILE = Pattern.compile("[^/\\\\\\[\\]':]+\\.(ya?ml|properties)");

    private ConfigurationFailures() {}

    /** Sentences for people; none if it is something else that failed. */
    static List<String> sentences(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String sentence = switch (cause) {
                case BindException unreadable -> UnreadableProperty.sentence(unreadable);
                case PlaceholderResolutionException unresolved -> UnreadableProperty.unresolved(unresolved);
                case MarkedYAMLException malformed -> malformed(fileIn(thrown), malformed);
                case YAMLException malformed ->
                    fileIn(thrown) + " is not YAML: it has characters that YAML does not allow";
                case ConfigDataNotFoundException missing ->
                    "A file that the configuration names is not there: " + missing.getReferenceDescription();
                default ->
                    isMalformedEscape(cause)
                            ? fileIn(thrown) + " is not readable: after \\u come four hexadecimal digits, as in \\u00e9"
                            : null;
            };
            if (sentence != null) {
                return List.of(sentence);
            }
        }
        return List.of();
    }

    /** Without the parser's excerpt of the file: it may hold a secret. */
    private static String malformed(String file, MarkedYAMLException malformed) {
        Mark mark = malformed.getProblemMark();
        String place = mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
        String problem = malformed.getProblem() == null
                ? "it cannot be read"
                : malformed.getProblem().strip();
        return file + place + ": this is not YAML: " + problem
                + ". Look at that line and the one before it; a valid one looks like 'budget: 50%'.";
    }

    private static boolean isMalformedEscape(Throwable cause) {
        return cause instanceof IllegalArgumentException
                && String.valueOf(cause.getMessage()).startsWith("Malformed \\u");
    }

    private static String fileIn(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            @Nullable String message = cause.getMessage();
            Matcher file = FILE.matcher(message == null ? "" : message);
            if (file.find()) {
                return file.group();
            }
        }
        return "A configuration file";
    }
}
