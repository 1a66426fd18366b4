package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.vault.VaultAddress;

/** The progress line, which makes room for what is printed meanwhile. For one thread. */
final class PausableProgress implements AutoCloseable {

    private final Terminal terminal;
    private final boolean json;
    private final boolean quiet;
    private final VaultAddress vault;
    private final RunMonitor monitor;
    private ProgressLine line;

    PausableProgress(Terminal terminal, boolean json, boolean quiet, VaultAddress vault, RunMonitor monitor) {
        this.terminal = terminal;
        this.json = json;
        this.quiet = quiet;
        this.vault = vault;
        this.monitor = monitor;
        this.line = new ProgressLine(terminal, json, vault, monitor);
        begin();
    }

    private void begin() {
        if (!quiet) {
            line.start();
        }
    }

    /** Takes the line away. */
    void pause() {
        line.close();
    }

    /** Begins a new one. */
    void resume() {
        line = new ProgressLine(terminal, json, vault, monitor);
        begin();
    }

    @Override
    public void close() {
        pause();
    }
}
