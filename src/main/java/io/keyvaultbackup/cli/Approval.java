package io.keyvaultbackup.cli;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whoever sits at the terminal says yes before something is done that cannot be taken back, unless {@code --yes} said it for all. */
final class Approval {

    private static final List<String> YES = List.of("y", "yes");

    private final Terminal terminal;
    private final boolean given;
    private final boolean json;

    /** @param given whether {@code --yes} was */
    Approval(Terminal terminal, boolean given, boolean json) {
        this.terminal = terminal;
        this.given = given;
        this.json = json;
    }

    /** What is wrong with it: somebody must be there to say yes. */
    void check(List<String> problems) {
        if (!given && (json || terminal.people().get().isEmpty())) {
            problems.add("--yes: " + (json ? "with --json" : "without a terminal")
                    + " nobody can be asked before anything is written. Look at the plan with --dry-run, and then"
                    + " give --yes.");
        }
    }

    /** Whether to go on. */
    boolean of(String question) {
        if (given) {
            return true;
        }
        terminal.out().flush();
        @Nullable
        String answer = terminal.people()
                .get()
                .map(asked -> asked.apply(Printable.line(question) + " [y/N] "))
                .orElse(null);
        return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
    }
}
