package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunCursor;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.run.RunStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the template of all runs shows.
 *
 * @param vault that the vaults' names have; empty for all
 * @param status how the runs stand, as in addresses; empty for all
 * @param lines null where the job database does not tell
 * @param next the page of older runs; null if these are the last
 */
public record RunsBoard(
        String vault,
        String status,
        List<String> statuses,
        List<Notice> notices,
        @Nullable List<RunLine> lines,
        boolean first,
        String newest,
        @Nullable String next) {

    static RunsBoard of(Reading<RunReader.Page> page, String vault, @Nullable RunStatus status, boolean first) {
        RunReader.@Nullable Page runs = page.told().orElse(null);
        String chosen = status == null ? "" : Words.of(status);
        return new RunsBoard(
                vault,
                chosen,
                Stream.of(RunStatus.values())
                        .filter(one -> one != RunStatus.ABANDONED)
                        .map(Words::of)
                        .toList(),
                Notice.of(page, "Runs are not shown; which snapshots there are is on the page of each vault."),
                runs == null ? null : RunLine.of(runs.runs()),
                first,
                link(vault, chosen, null),
                runs == null || runs.next() == null ? null : link(vault, chosen, RunCursor.write(runs.next())));
    }

    private static String link(String vault, String status, @Nullable String behind) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("vault", vault);
        parameters.put("status", status);
        parameters.put("behind", behind);
        return Links.with("/runs", parameters);
    }

    /** Whether only some of all runs are wanted. */
    public boolean isChosen() {
        return !vault.isEmpty() || !status.isEmpty();
    }
}
