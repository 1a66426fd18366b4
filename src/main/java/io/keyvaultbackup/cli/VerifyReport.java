package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.VerificationResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what examinations came to. */
interface VerifyReport {

    ExitCode ended(VerificationResult result);

    static VerifyReport of(Terminal terminal, CommonOptions common, boolean quiet) {
        return common.json()
                ? result -> json(new JsonLines(terminal.out()), result)
                : result -> text(terminal, quiet, result);
    }

    /** What it means for a script. */
    static ExitCode codeOf(VerificationResult result) {
        return switch (result.status()) {
            case WHOLE -> ExitCode.DONE;
            case DAMAGED -> ExitCode.DAMAGED;
            case STOPPED -> ExitCode.INTERRUPTED;
            case UNKNOWN -> ExitCode.INCOMPLETE;
        };
    }

    private static ExitCode json(JsonLines lines, VerificationResult result) {
        for (IntegrityFinding finding : result.findings()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("level", finding.problem().level().name());
            line.put("problem", finding.problem().name());
            line.put("subject", finding.subject());
            line.put("message", finding.message());
            lines.print("finding", line);
        }
        ExitCode code = codeOf(result);
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("snapshot", result.request().snapshot().id().value());
        line.put("vault", result.request().snapshot().vault());
        line.put("manifest", result.request().snapshot().manifest().name());
        line.put("status", result.status().name());
        line.put(
                "read",
                result.request().read().isNone()
                        ? null
                        : result.request().read().toString());
        line.put("manifests", result.manifests());
        line.put("forgotten", result.forgotten());
        line.put("copies", result.copies());
        line.put("copies_read", result.copiesRead());
        line.put("findings", result.findings().size());
        line.put("seconds", result.duration().toMillis() / 1000.0);
        line.put("exit_code", code.number());
        lines.print("summary", line);
        return code;
    }

    private static ExitCode text(Terminal terminal, boolean quiet, VerificationResult result) {
        ExitCode code = codeOf(result);
        for (IntegrityFinding finding : result.findings()) {
            String head = finding.problem().level().name().toLowerCase(Locale.ROOT) + ": "
                    + finding.problem().words();
            boolean notice = finding.problem().level() == IntegrityProblem.Level.NOTICE;
            if (!quiet || !notice) {
                terminal.out()
                        .printf(
                                "%s  %s%n    %s%n",
                                notice ? head : terminal.bad(head),
                                Printable.line(finding.subject()),
                                Printable.line(finding.message()));
            }
        }
        if (!quiet || code != ExitCode.DONE) {
            String headline = switch (code) {
                case DONE -> terminal.good("Whole");
                case DAMAGED -> terminal.bad("DAMAGED");
                case INTERRUPTED -> "Stopped before it was done";
                default -> terminal.bad("Not all could be read");
            };
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "%s: %s of %s%n  %,d manifests followed%s, %,d copies there, %s; %.1f s%n",
                            headline,
                            result.request().snapshot().id(),
                            result.request().snapshot().vault(),
                            result.manifests(),
                            result.forgotten() == 0
                                    ? ""
                                    : String.format(Locale.ROOT, " (and %,d tombstones)", result.forgotten()),
                            result.copies() - missing(result),
                            result.request().read().isNone()
                                    ? "none read (--read-data reads them)"
                                    : String.format(Locale.ROOT, "%,d read", result.copiesRead()),
                            result.duration().toMillis() / 1000.0);
            if (result.findings().stream().anyMatch(VerifyReport::isOfACopy)) {
                terminal.out()
                        .println("  Later snapshots may share such a copy. As long as the vault has the object,"
                                + " 'keyvault-backup backup --full' makes a new one.");
            }
        }
        return code;
    }

    private static boolean isOfACopy(IntegrityFinding finding) {
        return finding.problem() == IntegrityProblem.COPY_MISSING
                || finding.problem() == IntegrityProblem.COPY_DAMAGED
                || finding.problem() == IntegrityProblem.COPY_MISPLACED;
    }

    private static long missing(VerificationResult result) {
        return result.findings().stream()
                .filter(finding -> finding.problem() == IntegrityProblem.COPY_MISSING)
                .count();
    }
}
