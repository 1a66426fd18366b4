package io.keyvaultbackup.service;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for. It comes from a browser and becomes options of a command line, so that only what can be one is let in.
 *
 * @param snapshot the run of a relaunch; of a stop, one run alone; of a restore, the snapshot, or else the latest
 * @param target of a restore, the vault into which it would be
 * @param selection of a restore, the objects
 * @param reason of a stop, for those who wonder
 */
public record Wish(
        RequestedAction action,
        VaultAddress vault,
        @Nullable SnapshotId snapshot,
        @Nullable VaultAddress target,
        Selection selection,
        @Nullable String reason) {

    private static final Pattern SNAPSHOT = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
    private static final int MOST_PATTERNS = 50;
    private static final int LONGEST_PATTERN = 150;
    private static final int LONGEST_REASON = 300;

    /** @throws IllegalArgumentException with a sentence for people, if nobody can do it so */
    public Wish {
        if (snapshot != null && !SNAPSHOT.matcher(snapshot.value()).matches()) {
            throw new IllegalArgumentException(
                    "'" + shown(snapshot.value()) + "' is no run's ID; it looks like 20261124T030000Z-4f2a9c");
        }
        if (action == RequestedAction.RELAUNCH && snapshot == null) {
            throw new IllegalArgumentException("which run is to be relaunched has to be said");
        }
        if ((action == RequestedAction.RESTORE_PLAN) != (target != null)) {
            throw new IllegalArgumentException("a target vault belongs to a plan of a restore, and to nothing else");
        }
        if (action != RequestedAction.RESTORE_PLAN && !selection.equals(Selection.everything())) {
            throw new IllegalArgumentException("a selection of objects belongs to a plan of a restore alone");
        }
        if (selection.kinds().isEmpty()) {
            throw new IllegalArgumentException("no kind of object is selected");
        }
        check(selection.include());
        check(selection.exclude());
        if (reason != null && (action != RequestedAction.STOP || reason.length() > LONGEST_REASON || !isText(reason))) {
            throw new IllegalArgumentException("a reason belongs to a stop, and is one line of at most "
                    + LONGEST_REASON + " characters that does not begin with a dash");
        }
    }

    public static Wish runNow(VaultAddress vault) {
        return new Wish(RequestedAction.RUN_NOW, vault, null, null, Selection.everything(), null);
    }

    public static Wish relaunch(VaultAddress vault, SnapshotId run) {
        return new Wish(RequestedAction.RELAUNCH, vault, run, null, Selection.everything(), null);
    }

    public static Wish stop(VaultAddress vault, @Nullable SnapshotId run, @Nullable String reason) {
        return new Wish(RequestedAction.STOP, vault, run, null, Selection.everything(), reason);
    }

    public static Wish restorePlan(
            VaultAddress vault, @Nullable SnapshotId snapshot, VaultAddress target, Selection selection) {
        return new Wish(RequestedAction.RESTORE_PLAN, vault, snapshot, Objects.requireNonNull(target), selection, null);
    }

    private static void check(List<String> patterns) {
        if (patterns.size() > MOST_PATTERNS) {
            throw new IllegalArgumentException("there are more than " + MOST_PATTERNS + " patterns of objects");
        }
        for (String pattern : patterns) {
            if (pattern.isBlank() || pattern.length() > LONGEST_PATTERN || !isText(pattern)) {
                throw new IllegalArgumentException("'" + shown(pattern)
                        + "' is no pattern of objects; it looks like secret/app-*, does not begin with a dash, and has at most "
                        + LONGEST_PATTERN + " characters");
            }
        }
    }

    /** Whether it is one line that moves nobody's cursor, and looks like no option: the command line refuses such a value also after an equals sign. */
    private static boolean isText(String text) {
        return !text.startsWith("-") && text.codePoints().noneMatch(Wish::steers);
    }

    private static boolean steers(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_PATTERN)
                .map(one -> steers(one) ? '?' : one)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
