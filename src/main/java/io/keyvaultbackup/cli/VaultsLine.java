package io.keyvaultbackup.cli;

import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far several vaults are, in one line where somebody watches, and keeps what is told of one vault apart from what is told of another.
 * Safe for use by many threads.
 */
final class VaultsLine implements AutoCloseable {

    private static final Duration REDRAW = Duration.ofMillis(200);

    private final Terminal terminal;
    private final int vaults;
    private final ReentrantLock turn = new ReentrantLock();
    private final Map<VaultAddress, RunMonitor> atWork = new ConcurrentHashMap<>();
    private final Map<VaultAddress, ExitCode> ended = new ConcurrentHashMap<>();
    private volatile @Nullable Repeated painter;

    VaultsLine(Terminal terminal, int vaults) {
        this.terminal = terminal;
        this.vaults = vaults;
    }

    void start() {
        painter = Repeated.every(
                REDRAW,
                () -> inTurn(() -> {
                    terminal.out().print(ProgressLine.CLEAR + line());
                    terminal.out().flush();
                    return true;
                }));
    }

    boolean isShown() {
        return painter != null;
    }

    void began(VaultAddress vault, RunMonitor monitor) {
        atWork.put(vault, monitor);
    }

    /** Somebody else has it; its turn comes again. */
    void putOff(VaultAddress vault) {
        atWork.remove(vault);
    }

    void ended(VaultAddress vault, ExitCode code) {
        atWork.remove(vault);
        ended.put(vault, code);
    }

    /** Tells something, with the line out of its way, and nothing else in between. */
    <T> T aside(Supplier<T> telling) {
        return inTurn(() -> {
            if (isShown()) {
                terminal.out().print(ProgressLine.CLEAR);
                terminal.out().flush(); // what is told may go to the other stream
            }
            return telling.get();
        });
    }

    private <T> T inTurn(Supplier<T> what) {
        turn.lock();
        try {
            return what.get();
        } finally {
            turn.unlock();
        }
    }

    /** {@code 12 of 40 vaults done  1 not well  4 at work: 1,234 of 5,678 objects  throttled 0}. */
    String line() {
        List<RunMonitor.Progress> now =
                atWork.values().stream().map(RunMonitor::progress).toList();
        long notWell =
                ended.values().stream().filter(code -> code != ExitCode.DONE).count();
        return String.format(
                Locale.ROOT,
                "%,d of %,d vaults done%s  %d at work: %,d of %,d objects  throttled %d",
                ended.size() - notWell,
                vaults,
                notWell == 0 ? "" : "  " + terminal.bad(notWell + " not well"),
                now.size(),
                now.stream().mapToLong(RunMonitor.Progress::done).sum(),
                now.stream()
                        .mapToLong(progress -> Math.max(progress.total(), progress.listed()))
                        .sum(),
                now.stream()
                        .map(RunMonitor.Progress::usage)
                        .filter(Objects::nonNull)
                        .mapToLong(Pacer.Usage::throttles)
                        .sum());
    }

    @Override
    public void close() {
        Repeated running = painter;
        if (running != null) {
            painter = null;
            running.close();
            terminal.out().print(ProgressLine.CLEAR);
            terminal.out().flush();
        }
    }
}
