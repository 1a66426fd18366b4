package io.keyvaultbackup.cli;

import io.keyvaultbackup.vault.VaultAddress;
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
     * @param elsewhere how many others have ended
     * @param notBegun how many nobody has begun here, or ended elsewhere, as far as is known
     */
    void tell(Map<VaultAddress, ExitCode> codes, int elsewhere, int notBegun, ExitCode together, boolean dryRun) {
        Map<ExitCode, List<String>> vaults = new TreeMap<>();
        codes.forEach((vault, code) -> vaults.computeIfAbsent(code, none -> new java.util.ArrayList<>())
                .add(vault.toString()));
        if (json) {
            tellJson(vaults, codes.size(), elsewhere, notBegun, together, dryRun);
        } else {
            tellText(vaults, codes.size(), elsewhere, notBegun, dryRun);
        }
    }

    private void tellText(Map<ExitCode, List<String>> vaults, int own, int elsewhere, int notBegun, boolean dryRun) {
        Stream<String> counts = vaults.entrySet().stream()
                .map(some -> some.getValue().size() + " "
                        + (dryRun && some.getKey() == ExitCode.DONE ? "listed" : words(some.getKey())));
        Stream<String> others = Stream.of(
                        elsewhere == 0 ? "" : elsewhere + " ended by other processes",
                        notBegun == 0 ? "" : notBegun + " not begun")
                .filter(text -> !text.isEmpty());
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%n%s%,d vaults: %s%n",
                        dryRun ? "Dry run of " : "",
                        own + elsewhere + notBegun,
                        Stream.concat(counts, others).collect(Collectors.joining(", ")));
        vaults.forEach((code, some) -> {
            if (code != ExitCode.DONE) {
                some.forEach(vault -> terminal.out().printf("  %s  %s%n", terminal.bad(words(code)), vault));
            }
        });
    }

    private void tellJson(
            Map<ExitCode, List<String>> vaults,
            int own,
            int elsewhere,
            int notBegun,
            ExitCode together,
            boolean dryRun) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("vaults", own + elsewhere + notBegun);
        line.put("dry_run", dryRun ? true : null);
        line.put("done", vaults.getOrDefault(ExitCode.DONE, List.of()).size());
        line.put(
                "not_done",
                vaults.entrySet().stream()
                        .filter(some -> some.getKey() != ExitCode.DONE)
                        .flatMap(some -> some.getValue().stream()
                                .map(vault -> Map.of(
                                        "vault",
                                        vault,
                                        "exit_code",
                                        some.getKey().number())))
                        .toList());
        line.put("ended_elsewhere", elsewhere == 0 ? null : elsewhere);
        line.put("not_begun", notBegun == 0 ? null : notBegun);
        line.put("exit_code", together.number());
        new JsonLines(terminal.out()).print("vaults", line);
    }

    private static String words(ExitCode code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
