package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.run.RunStatus;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The newest runs of a vault as bars, one path for each status rather than one element for each run: a page of vaults stays small. The bars of each
 * status have a height of their own, so that nobody needs to tell colours apart.
 *
 * @param paths what draws the runs of each status in an SVG
 * @param label the same in words
 */
public record RunStrip(Map<RunStatus, String> paths, int width, String label) {

    public static final int HEIGHT = 20;

    private static final int STEP = 6;
    private static final int BAR = 4;

    public RunStrip {
        paths = Collections.unmodifiableMap(new EnumMap<>(paths));
    }

    /**
     * @param runs the newest last
     * @param places how many there is room for; fewer runs stand at the right
     */
    public static RunStrip of(List<RunStatus> runs, int places) {
        Map<RunStatus, StringBuilder> paths = new EnumMap<>(RunStatus.class);
        int left = (places - runs.size()) * STEP;
        for (int run = 0; run < runs.size(); run++) {
            int height = height(runs.get(run));
            paths.computeIfAbsent(runs.get(run), none -> new StringBuilder())
                    .append('M')
                    .append(left + run * STEP)
                    .append(' ')
                    .append(HEIGHT - height)
                    .append('h')
                    .append(BAR)
                    .append('v')
                    .append(height)
                    .append("h-")
                    .append(BAR)
                    .append('z');
        }
        Map<RunStatus, String> drawn = new EnumMap<>(RunStatus.class);
        paths.forEach((status, path) -> drawn.put(status, path.toString()));
        return new RunStrip(drawn, places * STEP, label(runs));
    }

    private static int height(RunStatus status) {
        return switch (status) {
            case COMPLETE -> 20;
            case INCOMPLETE -> 14;
            case RUNNING -> 10;
            case STOPPED -> 8;
            case FAILED, ABANDONED -> 5;
        };
    }

    private static String label(List<RunStatus> runs) {
        if (runs.isEmpty()) {
            return "no run yet";
        }
        Map<RunStatus, Long> counts = runs.stream()
                .collect(Collectors.groupingBy(
                        status -> status, () -> new EnumMap<>(RunStatus.class), Collectors.counting()));
        String each = counts.entrySet().stream()
                .map(status -> status.getValue() + " " + status.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return "last " + runs.size() + (runs.size() == 1 ? " run: " : " runs: ") + each + "; the newest "
                + runs.getLast().name().toLowerCase(Locale.ROOT);
    }
}
