package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "tag",
        description = {
            "Tags snapshots, or takes tags off them. A tag is a word of letters, digits, '.', '_', '-' and ':'; several are"
                    + " divided by commas.",
            "Tags are kept in the store, beside the manifest; no job database and no vault is asked."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup tag latest --add before-upgrade --vault team-a",
            "  keyvault-backup tag 20261124T03 --add audit,year-end --remove draft",
            "  keyvault-backup tag 20261124T03 --set ''          (takes all tags off)"
        })
final class TagVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Option(
            names = "--add",
            paramLabel = "TAG",
            split = ",",
            description = "Add this tag. May be given more than once.")
    private List<String> add = new ArrayList<>();

    @Option(
            names = "--remove",
            paramLabel = "TAG",
            split = ",",
            description = "Take this tag off. May be given more than once.")
    private List<String> remove = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "TAG",
            split = ",",
            description = "Have these tags and no others; '' takes all off. Not together with --add or --remove.")
    private @Nullable List<String> set;

    @Mixin
    private LabelOptions options = new LabelOptions();

    TagVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> only = set == null || set.equals(List.of("")) ? List.of() : set;
        List<String> problems = new ArrayList<>();
        problems.addAll(problems("--add", add));
        problems.addAll(problems("--remove", remove));
        problems.addAll(problems("--set", only));
        boolean edits = !add.isEmpty() || !remove.isEmpty();
        if (edits == (set != null)) {
            problems.add(
                    edits
                            ? "--set gives all tags; --add and --remove have nothing to change beside it"
                            : "Which tags? Give --add, --remove or --set");
        }
        add.stream()
                .filter(remove::contains)
                .forEach(tag -> problems.add("'" + tag + "' is to be added and to be removed; give one of them"));
        return options.change(
                terminal, application, problems, labels -> set == null ? edited(labels) : labels.withTags(only));
    }

    private Labels edited(Labels labels) {
        Set<String> tags = new TreeSet<>(labels.tags());
        tags.removeAll(remove);
        tags.addAll(add);
        return labels.withTags(tags);
    }

    /** What is wrong with what was given, in sentences. */
    static List<String> problems(String option, List<String> tags) {
        List<String> problems = new ArrayList<>();
        for (String tag : tags) {
            try {
                Labels.checkTag(tag);
            } catch (IllegalArgumentException wrong) {
                problems.add(option + ": " + wrong.getMessage());
            }
        }
        return problems;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return LabelOptions.EXIT_CODES;
    }
}
