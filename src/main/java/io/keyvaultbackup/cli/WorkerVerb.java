package io.keyvaultbackup.cli;

import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "worker",
        description = {
            "Does what is asked for at the dashboard, which itself has no permission at any vault: backups, relaunches, stops and plans of"
                    + " restores. It looks into the job database each second, and runs the verb that a person would run.",
            "Only what concerns the vaults that are configured here is done. Several workers may share a job database. On Kubernetes the"
                    + " dashboard makes a Job of each request, and none is needed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup worker                      (until Ctrl-C or SIGTERM)",
            "  keyvault-backup worker --once               (what was asked for until now)",
            "  keyvault-backup worker --vault team-a --store ./backups --json"
        })
final class WorkerVerb implements Verb {

    /** Each spends its vault's budget; as many as the budget of a subscription has room for. */
    private static final int MOST_AT_ONCE = 4;

    private static final Duration VAULTS_ARE_KNOWN_FOR = Duration.ofMinutes(5);

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(names = "--once", description = "Do what was asked for until now, and end.")
    private boolean once;

    @Mixin
    private CommonOptions common = new CommonOptions();

    WorkerVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        StopSignal stop = stops.get();
        try (ConfigurableApplicationContext context =
                        application.start(properties, common, ConfigurationChecks.Scope.EVERYTHING, List.of());
                RequestClaims claims = RequestClaims.in(context)) {
            Vaults vaults = new Vaults(context);
            RequestAnswer answer = new RequestAnswer(terminal, application, claims, stop, common.json());
            RequestWork work = new RequestWork(
                    claims,
                    vaults::known,
                    request -> answer(request, vaults, answer, stop),
                    Math.min(
                            MOST_AT_ONCE,
                            context.getBean(BackupSelectionProperties.class).vaultsAtOnce()),
                    stop);
            if (once) {
                work.once();
            } else {
                work.untilStopped(failed -> new Complaint(terminal, common.json(), common.debug()).about(failed));
            }
            return ExitCode.DONE.number(); // each request has its own
        }
    }

    private void answer(Request request, Vaults vaults, RequestAnswer answer, StopSignal stop) {
        try {
            tell(request, "TAKEN", null);
            ExitCode exitCode = answer.to(request, arguments(request), vaults.known());
            tell(request, exitCode == ExitCode.INTERRUPTED && stop.isGiven() ? "GIVEN_BACK" : "ENDED", exitCode);
        } catch (RuntimeException | Error failed) { // its claim ends, and it is done again
            new Complaint(terminal, common.json(), common.debug())
                    .about(failed, request.wish().vault().toString());
        }
    }

    private List<String> arguments(Request request) {
        List<String> arguments = new ArrayList<>(request.arguments());
        arguments.addAll(places.storeArguments());
        common.arguments().stream().filter(one -> !arguments.contains(one)).forEach(arguments::add);
        return arguments;
    }

    private void tell(Request request, String state, @Nullable ExitCode exitCode) {
        Wish wish = request.wish();
        if (common.json()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("request", request.id());
            line.put("action", wish.action().name());
            line.put("vault", wish.vault().toString());
            line.put(
                    "snapshot", wish.snapshot() == null ? null : wish.snapshot().value());
            line.put("asked_by", request.askedBy());
            line.put("state", state);
            line.put("exit_code", exitCode == null ? null : exitCode.number());
            new JsonLines(terminal.out()).print("request", line);
            return;
        }
        String what = "Request " + request.id() + ": " + wish.action().name().replace('_', ' ') + " of " + wish.vault();
        terminal.out()
                .println(Printable.line(
                        exitCode == null
                                ? what + ", asked for by " + request.askedBy()
                                : what + " ended with " + exitCode.number()));
    }

    /** Those that are configured, or were discovered at last; a request of any other is nobody's here. */
    private final class Vaults {

        private final ApplicationContext context;
        private final Stopwatch stopwatch;
        private Set<VaultAddress> known;
        private long since;

        Vaults(ApplicationContext context) {
            this.context = context;
            this.stopwatch = context.getBean(Stopwatch.class);
            this.known = look();
            this.since = stopwatch.nanos();
        }

        synchronized Set<VaultAddress> known() {
            if (context.getBean(Fleet.class).isDiscovered()
                    && stopwatch.nanos() - since > VAULTS_ARE_KNOWN_FOR.toNanos()) {
                known = look();
                since = stopwatch.nanos();
            }
            return known;
        }

        private Set<VaultAddress> look() {
            return places.nameVaults()
                    ? ChosenVaults.named(context, places)
                    : ChosenVaults.expectedInStore(context).vaults();
        }
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE);
    }
}
