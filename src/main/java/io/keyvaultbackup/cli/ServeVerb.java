package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.service.ServedDashboard;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Serves the dashboard: how old the newest good copy of each vault is, what failed and why, and who has asked for what. Ends when it is told to:"
                    + " Ctrl-C, SIGTERM.",
            "It reads the job database and the store, and works with either missing. It asks no vault, and needs no right to one."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  keyvault-backup serve", "  keyvault-backup serve --port 9000 --store /var/backups/key-vault"})
final class ServeVerb implements Verb {

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port of the dashboard, 0 for any that is free (keyvault-backup.dashboard.port; 8080).")
    private @Nullable String port;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "The port of health and metrics (keyvault-backup.dashboard.management-port; 8081).")
    private @Nullable String managementPort;

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private CommonOptions common = new CommonOptions();

    ServeVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        Map<String, String> properties = new LinkedHashMap<>();
        store.addTo(properties);
        addTo(properties, "port", port);
        addTo(properties, "management-port", managementPort);
        StopSignal stop = stops.get();
        try (ConfigurableApplicationContext context =
                application.serve(properties, common, ConfigurationChecks.Scope.DASHBOARD, List.of())) {
            tell(context.getBean(ServedDashboard.class));
            awaitGiven(stop);
        }
        return ExitCode.DONE.number();
    }

    private static void addTo(Map<String, String> properties, String name, @Nullable String value) {
        if (value != null) {
            properties.put("keyvault-backup.dashboard." + name, value);
        }
    }

    private void tell(ServedDashboard dashboard) {
        if (common.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("address", dashboard.address().toString());
            line.put("management_address", dashboard.managementAddress().toString());
            dashboard.oneTimePassword().ifPresent(password -> line.put("one_time_password", password));
            new JsonLines(terminal.out()).print("status", line);
        } else {
            terminal.out()
                    .println("The dashboard is at " + dashboard.address() + ", health and metrics at "
                            + dashboard.managementAddress() + ". Ctrl-C ends it.");
            dashboard
                    .oneTimePassword()
                    .ifPresent(password -> terminal.out()
                            .println("Log in there with this password. It is good once, and for ten minutes: "
                                    + password));
        }
        terminal.out().flush();
    }

    private static void awaitGiven(StopSignal stop) {
        CountDownLatch given = new CountDownLatch(1);
        Runnable forget = stop.onGiven(given::countDown);
        try {
            given.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            forget.run();
        }
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE);
    }
}
