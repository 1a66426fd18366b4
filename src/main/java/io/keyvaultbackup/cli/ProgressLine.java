package io.keyvaultbackup.cli;

import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows how far a run is, while it runs: one line redrawn where somebody watches, a status line now and then for JSON, else nothing. */
final class ProgressLine implements AutoCloseable {

    private static final Duration REDRAW = Duration.ofMillis(200);
    private static final Duration STATUS = Duration.ofSeconds(5);
    static final String CLEAR = "\r\u001b[2K";

    private final Terminal terminal;
    private final boolean json;
    private final VaultAddress vault;
    private final RunMonitor monitor;
    private final long startedAt;
    private @Nullable Repeated painter;
    private long backupStartedAt;

    /** While the vault was still being listed. */
    private long doneBefore;

    ProgressLine(Terminal terminal, boolean json, VaultAddress vault, RunMonitor monitor) {
        this(terminal, json, vault, monitor, System.nanoTime());
    }

    ProgressLine(Terminal terminal, boolean json, VaultAddress vault, RunMonitor monitor, long startedAt) {
        this.startedAt = startedAt;
        this.terminal = terminal;
        this.json = json;
        this.vault = vault;
        this.monitor = monitor;
    }

    void start() {
        if (json || terminal.interactive()) {
            painter = Repeated.every(json ? STATUS : REDRAW, this::paint);
        }
    }

    private void paint() {
        RunMonitor.Progress progress = monitor.progress();
        if (json) {
            status(progress);
        } else {
            terminal.out().print(CLEAR + line(progress, System.nanoTime()));
            terminal.out().flush();
        }
    }

    /** {@code Backing up 123 of 523  23 %  84/s of 200/s  1 failed  throttled 0  5 s left}. */
    String line(RunMonitor.Progress progress, long now) {
        return switch (progress.phase()) {
            case STARTING -> "Starting";
            case INVENTORY -> String.format(Locale.ROOT, "Listing %s: %,d objects", vault, progress.listed());
            case BACKUP -> backingUp(progress, now);
            case SETTLE -> String.format(Locale.ROOT, "Listing %s again: %,d objects", vault, progress.listed());
            case SEAL -> "Writing the manifest";
            case EXAMINE -> "Examining manifests";
            case PLAN -> String.format(Locale.ROOT, "Looking what is in %s: %,d objects", vault, progress.listed());
            case REUSE -> "Looking for copies that are still good";
            case COMPARE -> counted("Comparing what is there", progress);
            case RESTORE -> counted("Restoring", progress);
            case PROVE -> counted("Comparing with the snapshot", progress);
            case REMOVE -> counted("Removing what was restored", progress);
            case FORGET -> "Removing manifests";
            case MARK -> "Looking which copies are still needed";
            case SWEEP -> String.format(Locale.ROOT, "Removing what nothing refers to: %,d blobs", progress.done());
            case READ ->
                String.format(
                        Locale.ROOT,
                        "Reading copies: %,d of %,d  %d not well",
                        progress.done(),
                        progress.total(),
                        progress.failed());
        };
    }

    private static String counted(String what, RunMonitor.Progress progress) {
        Pacer.Usage usage = progress.usage();
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d  failed %d  throttled %d",
                what,
                progress.done(),
                progress.total(),
                progress.failed(),
                usage == null ? 0 : usage.throttles());
    }

    private String backingUp(RunMonitor.Progress progress, long now) {
        if (backupStartedAt == 0) {
            backupStartedAt = now;
            doneBefore = progress.done();
        }
        double seconds = (now - backupStartedAt) / 1e9;
        Pacer.Usage usage = progress.usage();
        long done = progress.done() - doneBefore;
        String left = done == 0
                ? ""
                : String.format(Locale.ROOT, "  %.0f s left", seconds / done * (progress.total() - progress.done()));
        return String.format(
                Locale.ROOT,
                "Backing up %,d of %,d  %d %%  %.0f/s (budget %.0f/s)  failed %d  throttled %d%s",
                progress.done(),
                progress.total(),
                progress.total() == 0 ? 100 : progress.done() * 100 / progress.total(),
                usage == null ? 0 : usage.spent() / Math.max(0.1, (now - startedAt) / 1e9),
                usage == null ? 0 : usage.perSecond(),
                progress.failed(),
                usage == null ? 0 : usage.throttles(),
                left);
    }

    private void status(RunMonitor.Progress progress) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("vault", vault.toString());
        status.put("phase", progress.phase().name());
        status.put("listed", progress.listed());
        status.put("done", progress.done());
        status.put("total", progress.total());
        status.put("failed", progress.failed());
        status.put("spent", progress.usage() == null ? 0 : progress.usage().spent());
        status.put("throttled", progress.usage() == null ? 0 : progress.usage().throttles());
        new JsonLines(terminal.out()).print("status", status);
    }

    /** Ends it and clears the line; may be called more than once. */
    @Override
    public void close() {
        Repeated running = painter;
        if (running == null) {
            return;
        }
        painter = null;
        running.close();
        if (!json) {
            terminal.out().print(CLEAR);
            terminal.out().flush();
        }
    }
}
