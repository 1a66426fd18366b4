package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The command line that restores: the dashboard does not. Stateless. */
public final class RestoreCommand {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@-]+");

    private RestoreCommand() {}

    /** @param target null for one that is to be chosen yet */
    public static String of(
            VaultAddress vault, @Nullable SnapshotId snapshot, @Nullable VaultAddress target, Selection selection) {
        List<String> words = new ArrayList<>(List.of(
                "keyvault-backup",
                "restore",
                "--from",
                vault.toString(),
                "--snapshot",
                snapshot == null ? "latest" : snapshot.value(),
                "--to",
                target == null ? "TARGET-VAULT" : target.toString()));
        if (!selection.kinds().equals(EnumSet.allOf(ObjectKind.class))) {
            selection.kinds().stream().sorted().forEach(kind -> words.addAll(List.of("--kind", kind.word())));
        }
        selection.include().forEach(pattern -> words.addAll(List.of("--include", pattern)));
        selection.exclude().forEach(pattern -> words.addAll(List.of("--exclude", pattern)));
        return words.stream().map(RestoreCommand::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
