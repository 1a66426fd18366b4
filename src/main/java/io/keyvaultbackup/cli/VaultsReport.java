package io.keyvaultbackup.cli;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What became of several vaults, told together at the end: how many are in which state, and which are not done. */
final class VaultsReport {

    private final Terminal terminal;
    private final boolean json;

    VaultsReport(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    /**
     * @param codes of the vaults that this process has ended, in the order in which they were named
     * @param elsewhere of those that others have ended, in the same order
     * @param notBegun how many nobody has begun here, or ended elsewhere, as far as is known
     */
    void tell(
            Map<VaultAddress, ExitCode> codes,
            Map<VaultAddress, ExitCode> elsewhere,
            int notBegun,
            ExitCode together,
            boolean dryRun) {
        Map<ExitCode, List<String>> vaults = byOutcome(codes);
        Map<ExitCode, List<String>> others = byOutcome(elsewhere);
        if (json) {
            tellJson(vaults, codes.size(), others, elsewhere.size(), notBegun, together, dryRun);
        } else {
            tellText(vaults, codes.size(), others, elsewhere.size(), notBegun, dryRun);
        }
    }

    private static Map<ExitCode, List<String>> byOutcome(Map<VaultAddress, ExitCode> codes) {
        Map<ExitCode, List<String>> vaults = new TreeMap<>();
        codes.forEach((vault, code) ->
                vaults.computeIfAbsent(code, none -> new ArrayList<>()).add(vault.toString()));
        return vaults;
    }

    private void tellText(
            Map<ExitCode, List<String>> vaults,
            int own,
            Map<ExitCode, List<String>> others,
            int elsewhere,
            int notBegun,
            boolean dryRun) {
        Stream<String> counts = vaults.entrySet().stream()
                .map(some -> some.getValue().size() + " "
                        + (dryRun && some.getKey() == ExitCode.DONE ? "listed" : words(some.getKey())));
        Stream<String> besides = Stream.of(
                        elsewhere == 0 ? "" : elsewhere + " ended by other processes",
                        notBegun == 0 ? "" : notBegun + " not begun")
                .filter(text -> !text.isEmpty());
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%n%s%,d vaults: %s%n",
                        dryRun ? "Dry run of " : "",
                        own + elsewhere + notBegun,
                        Stream.concat(counts, besides).collect(Collectors.joining(", ")));
        vaults.forEach((code, some) -> {
            if (code != ExitCode.DONE) {
                some.forEach(vault -> terminal.out().printf("  %s  %s%n", terminal.bad(words(code)), vault));
            }
        });
        String elsewhereNotDone = others.entrySet().stream()
                .filter(some -> some.getKey() != ExitCode.DONE)
                .map(some -> words(some.getKey()) + " " + String.join(" ", some.getValue()))
                .collect(Collectors.joining(", "));
        if (!elsewhereNotDone.isEmpty()) {
            terminal.out().printf("  by other processes: %s%n", elsewhereNotDone);
        }
    }

    private void tellJson(
            Map<ExitCode, List<String>> vaults,
            int own,
            Map<ExitCode, List<String>> others,
            int elsewhere,
            int notBegun,
            ExitCode together,
            boolean dryRun) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("vaults", own + elsewhere + notBegun);
        line.put("dry_run", dryRun ? true : null);
        line.put("done", vaults.getOrDefault(ExitCode.DONE, List.of()).size());
        line.put("not_done", notDone(vaults));
        line.put("ended_elsewhere", elsewhere == 0 ? null : elsewhere);
        List<Map<String, Object>> notDoneElsewhere = notDone(others);
        line.put("not_done_elsewhere", notDoneElsewhere.isEmpty() ? null : notDoneElsewhere);
        line.put("not_begun", notBegun == 0 ? null : notBegun);
        line.put("exit_code", together.number());
        new JsonLines(terminal.out()).print("vaults", line);
    }

    private static List<Map<String, Object>> notDone(Map<ExitCode, List<String>> vaults) {
        return vaults.entrySet().stream()
                .filter(some -> some.getKey() != ExitCode.DONE)
                .flatMap(some -> some.getValue().stream()
                        .map(vault -> Map.<String, Object>of(
                                "vault", vault, "exit_code", some.getKey().number())))
                .toList();
    }

    private static String words(ExitCode code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
