package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what a request asks for, by the command line that a person would use, and notes what became of it. */
final class RequestAnswer {

    /** Some 80,000 objects. */
    private static final int ROOM_FOR_A_PLAN = 8 * 1024 * 1024;

    private static final int ROOM_FOR_WORDS = 4_000;

    private final Terminal terminal;
    private final Application application;
    private final RequestClaims claims;
    private final StopSignal stop;
    private final boolean plansAreTold;

    /**
     * @param stop of this process: what it interrupts is given back
     * @param plansAreTold whether a plan, which is JSON, is printed, too
     */
    RequestAnswer(
            Terminal terminal, Application application, RequestClaims claims, StopSignal stop, boolean plansAreTold) {
        this.terminal = terminal;
        this.application = application;
        this.claims = claims;
        this.stop = stop;
        this.plansAreTold = plansAreTold;
    }

    /**
     * Returns how it ended. It is told wherever verbs tell it; a plan is kept with the request, and so are the last words of what did not go well.
     *
     * @param arguments the verb and its options
     * @param vaults those that are configured here: of any other nothing is planned, as it would be shown a token
     */
    ExitCode to(Request request, List<String> arguments, Set<VaultAddress> vaults) {
        VaultAddress target = request.wish().target();
        if (target != null && !vaults.contains(target)) {
            claims.done(
                    request,
                    ExitCode.WRONG_USAGE,
                    target + " is no vault that is configured where this was to be done; nothing was asked of it.");
            return ExitCode.WRONG_USAGE;
        }
        boolean isPlan = request.wish().action() == RequestedAction.RESTORE_PLAN;
        KeptLines out = new KeptLines(
                isPlan && !plansAreTold ? null : terminal.out(), isPlan ? ROOM_FOR_A_PLAN : ROOM_FOR_WORDS);
        KeptLines err = new KeptLines(terminal.err(), ROOM_FOR_WORDS);
        ExitCode exitCode =
                ExitCode.of(CommandLineInterface.within(Terminal.plain(out.stream(), err.stream()), application, stop)
                        .execute(arguments.toArray(String[]::new)));
        String said = out.text();
        String complaint = err.text();
        if (exitCode == ExitCode.INTERRUPTED && stop.isGiven()) {
            claims.giveBack(request);
        } else {
            claims.done(request, exitCode, isPlan ? plan(out, said, complaint) : words(exitCode, said, complaint));
        }
        return exitCode;
    }

    private static String plan(KeptLines out, String said, String complaint) {
        if (!out.isWhole()) {
            return "The plan is larger than what is kept with a request. See it on the command line: keyvault-backup restore --dry-run";
        }
        return said.isBlank() ? complaint : said;
    }

    private static @Nullable String words(ExitCode exitCode, String said, String complaint) {
        if (exitCode == ExitCode.DONE) {
            return null;
        }
        return complaint.isBlank() ? said : complaint;
    }
}
