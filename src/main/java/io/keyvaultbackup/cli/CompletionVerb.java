package io.keyvaultbackup.cli;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = {
            "Prints a script with which a shell completes verbs, options and values of a command named keyvault-backup.",
            "Make that command a function: keyvault-backup() { java -jar /opt/keyvault-backup.jar \"$@\"; }"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup completion bash > ~/.local/share/bash-completion/completions/keyvault-backup",
            "  source <(keyvault-backup completion zsh)      (in ~/.zshrc)",
            "  keyvault-backup completion fish > ~/.config/fish/completions/keyvault-backup.fish"
        })
final class CompletionVerb implements Verb {

    /** The shells that there are scripts for. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable Shell shell;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    CompletionVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        // picocli's script for bash asks zsh to load its emulation of bash's completion.
        String script = shell == Shell.fish
                ? new FishCompletion(root).script()
                : AutoComplete.bash(spec.root().name(), root);
        terminal.out().print(script);
        terminal.out().flush();
        return ExitCode.DONE.number();
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.DONE, ExitCode.WRONG_USAGE);
    }
}
