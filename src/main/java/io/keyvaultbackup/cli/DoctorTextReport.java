package io.keyvaultbackup.cli;

import io.keyvaultbackup.examination.Finding;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** One line for each finding, below what it is about; what mends it on the next. */
final class DoctorTextReport implements DoctorReport {

    private final Terminal terminal;
    private final boolean quiet;
    private final Map<Finding.Level, Integer> counts = new EnumMap<>(Finding.Level.class);
    private String subject = "";

    /** @param quiet whether only what is not well is told */
    DoctorTextReport(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.quiet = quiet;
    }

    @Override
    public void found(String about, Finding finding) {
        counts.merge(finding.level(), 1, Integer::sum);
        if (quiet && finding.level() == Finding.Level.OK) {
            return;
        }
        if (!about.equals(subject)) {
            terminal.out().println((subject.isEmpty() ? "" : System.lineSeparator()) + Printable.text(about));
            subject = about;
        }
        String remedy = finding.remedy();
        terminal.out()
                .println("  " + level(finding.level()) + "  " + String.format(Locale.ROOT, "%-20s", finding.check())
                        + "  " + Printable.text(finding.message()));
        if (remedy != null) {
            terminal.out().println("           -> " + Printable.text(remedy));
        }
    }

    private String level(Finding.Level level) {
        return switch (level) {
            case OK -> terminal.good("ok     ");
            case WARNING -> terminal.notable("warning");
            case FAILED -> terminal.bad("failed ");
        };
    }

    @Override
    public void ended(ExitCode code) {
        if (quiet && code == ExitCode.DONE) {
            return;
        }
        terminal.out()
                .printf(
                        "%n%d ok, %d warnings, %d failed. %s%n",
                        counts.getOrDefault(Finding.Level.OK, 0),
                        counts.getOrDefault(Finding.Level.WARNING, 0),
                        counts.getOrDefault(Finding.Level.FAILED, 0),
                        code == ExitCode.DONE
                                ? "Backups can be made."
                                : "Mend what failed, then run doctor again. New permissions take some minutes to work.");
    }
}
