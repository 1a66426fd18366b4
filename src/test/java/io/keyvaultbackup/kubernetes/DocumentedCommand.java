package io.keyvaultbackup.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Job that docs/kubernetes.md has people make by hand.
 *
 * @param cronJob whose template it is made of
 * @param job the Job's name
 * @param arguments of its container; none if they are the template's
 */
record DocumentedCommand(String cronJob, String job, List<String> arguments) {

    private static final Path GUIDE = Path.of("docs/kubernetes.md");
    private static final Pattern FROM_TEMPLATE =
            Pattern.compile("kubectl --namespace keyvault-backup create job --from=cronjob/(\\S+) ([a-z0-9-]+)");
    private static final Pattern RUN = Pattern.compile("run ([a-z0-9-]+) (.+)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s'#]\\S*)|(#.*)");

    /** All of them, in the order in which they stand there. */
    static List<DocumentedCommand> inKubernetesGuide() throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        boolean shell = false;
        for (String line : Files.readAllLines(GUIDE)) {
            shell = line.startsWith("```") ? line.equals("```sh") : shell;
            Matcher template = FROM_TEMPLATE.matcher(line);
            Matcher run = RUN.matcher(line);
            if (shell && template.matches()) {
                commands.add(new DocumentedCommand(template.group(1), template.group(2), List.of()));
            } else if (shell && run.matches()) {
                commands.add(new DocumentedCommand("keyvault-backup", run.group(1), words(run.group(2))));
            }
        }
        return commands;
    }

    /** The pod of such a Job, of that template. */
    Pod in(Pod template) {
        return arguments.isEmpty() ? template : template.with(arguments.toArray(String[]::new));
    }

    /** As the shell takes them: in quotes, or not, up to a comment. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find() && matcher.group(3) == null) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }
}
