package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.context.ConfigurableApplicationContext;

/** A verb that is run for a request, as a Kubernetes Job of the dashboard's does: the request is this process's until the verb has ended. */
final class RequestedRun {

    private final Terminal terminal;
    private final Application application;
    private final StopSignal stop;

    RequestedRun(Terminal terminal, Application application, StopSignal stop) {
        this.terminal = terminal;
        this.application = application;
        this.stop = stop;
    }

    /**
     * Returns the verb's exit code.
     *
     * @param id of the request
     * @param arguments the verb and its options, without the request
     */
    ExitCode run(String id, List<String> arguments, CommonOptions common) {
        try (ConfigurableApplicationContext context =
                        application.start(Map.of(), common, ConfigurationChecks.Scope.DATABASE, List.of());
                RequestClaims claims = RequestClaims.in(context)) {
            Request request = claims.take(id)
                    .orElseThrow(() -> new RunRefusedException(
                            RunRefusedException.Cause.STORE_NOT_FOUND,
                            "There is no request " + id + " in the job database; nothing was begun."));
            if (request.state() == Request.State.DONE) {
                return ExitCode.DONE; // by a pod before this one, which could not say so any more
            }
            return new RequestAnswer(terminal, application, claims, stop, true)
                    .to(request, arguments, configured(request, context));
        } catch (RuntimeException failed) {
            return new Complaint(terminal, common.json(), common.debug()).about(failed);
        }
    }

    /** The store, which knows what was discovered, is asked only where that matters. */
    private static Set<VaultAddress> configured(Request request, ConfigurableApplicationContext context) {
        return request.wish().target() == null
                ? Set.of()
                : ChosenVaults.expectedInStore(context).vaults();
    }
}
