package io.keyvaultbackup.cli;

import java.util.stream.Collectors;

/** Writes docs/configuration.md from what the records' documentation left in the metadata. */
final class ConfigurationReference {

    private static final String HEAD = """
            # Configuration

            Every property, as the program's own metadata has it. This file is generated; after a change of a property:

                ./mvnw test -Dtest=ConfigurationReferenceTest -Dconfiguration-reference.write=true

            A property can be given as an option of the verb (`--vault`, `--budget`, …), in the environment, in
            the file of `--config`, or in `config/application.yaml` beside where the program runs; the first that has it counts. Lists are
            comma-separated, also in the environment. A `keyvault-backup.*` property, or a `KEYVAULTBACKUP_*` variable, that is not in this
            table is refused. Secrets belong into the environment; their values are never shown.

            | property | type | default | what it is | environment variable |
            |---|---|---|---|---|
            """;

    private static final String FOOT = """

            Spring Boot's own properties work as everywhere; those that matter here are `spring.datasource.url`, `.username` and `.password`
            (the job database), `spring.ssl.bundle.pem.NAME.truststore.certificate` (a certificate authority for
            `keyvault-backup.azure.ssl-bundle`), and `logging.level.*`.
            """;

    private ConfigurationReference() {}

    static String of(KnownProperties known) {
        return HEAD
                + known.all().stream().map(ConfigurationReference::row).collect(Collectors.joining("\n"))
                + "\n"
                + FOOT;
    }

    private static String row(KnownProperty property) {
        String fallback = property.defaultValue();
        return "| `" + property.name() + "` | " + type(property.type()) + " | "
                + (fallback == null ? "" : "`" + fallback + "`") + " | " + description(property) + " | `"
                + property.environmentVariable() + "` |";
    }

    private static String type(String type) {
        String simple = type.replaceAll("[a-z]+\\.", "").replaceAll("\\w+\\$", "");
        return switch (simple) {
            case "String" -> "text";
            case "Integer", "Long" -> "whole number";
            case "Double" -> "number";
            case "Boolean" -> "true or false";
            case "DataSize" -> "size";
            case "URI" -> "URL";
            case "List<String>" -> "list";
            default -> simple.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static String description(KnownProperty property) {
        return String.valueOf(property.description())
                .replaceAll("\\{@(?:code|link) ([^}]*)}", "`$1`")
                .replace("|", "\\|")
                .strip();
    }
}
