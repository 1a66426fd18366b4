package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.StopSignal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Whoever sits at the terminal says yes before something is done that cannot be taken back, unless {@code --yes} said it for all. */
final class Approval {

    private static final List<String> YES = List.of("y", "yes");

    private final Terminal terminal;
    private final boolean given;
    private final boolean json;
    private final StopSignal stop;

    /**
     * @param given whether {@code --yes} was
     * @param stop ends the waiting for an answer, as a no
     */
    Approval(Terminal terminal, boolean given, boolean json, StopSignal stop) {
        this.terminal = terminal;
        this.given = given;
        this.json = json;
        this.stop = stop;
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
        CompletableFuture<String> answer = new CompletableFuture<>();
        stop.onGiven(() -> answer.complete(""));
        // a console does not hear a stop
        Thread.ofPlatform().daemon().name("question").start(() -> answer.complete(answerTo(question)));
        return YES.contains(answer.join().strip().toLowerCase(Locale.ROOT));
    }

    private String answerTo(String question) {
        @Nullable
        String said = terminal.people()
                .get()
                .map(asked -> asked.apply(Printable.line(question) + " [y/N] "))
                .orElse(null);
        return said == null ? "" : said;
    }
}
