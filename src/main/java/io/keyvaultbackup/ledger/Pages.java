package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the objects of a run by kind and name, page by page, so that memory does not grow with a vault. Stateless. */
final class Pages {

    static final int PAGE = 2_000;

    private record Named<T>(String name, @Nullable T value) {}

    private Pages() {}

    /**
     * In the order of the primary key, all of it, and with nothing else to choose by: H2 sorts all that is left of a run for each page otherwise, so that the time
     * grew with the square of a vault's size.
     */
    static String sql(String columns, String condition) {
        return "SELECT " + columns + ", (" + condition + ") AS wanted FROM ledger_object"
                + " WHERE snapshot_id = ? AND kind = ? AND name > ? ORDER BY snapshot_id, kind, name LIMIT ?";
    }

    /**
     * Hands on each object; what happens to a page that was read has no effect on the next ones.
     *
     * @param columns of {@code ledger_object}
     * @param condition which objects, in SQL
     */
    static <T> void forEach(
            JdbcClient jdbc,
            SnapshotId snapshot,
            String columns,
            String condition,
            RowMapper<T> mapper,
            Consumer<? super T> consumer) {
        for (ObjectKind kind : ObjectKind.values()) {
            String after = "";
            List<Named<T>> page;
            do {
                page = jdbc.sql(sql(columns, condition))
                        .params(snapshot.value(), kind.name(), after, PAGE)
                        .query((row, number) -> new Named<T>(
                                row.getString("name"), row.getBoolean("wanted") ? mapper.mapRow(row, number) : null))
                        .list();
                page.stream().map(Named::value).filter(Objects::nonNull).forEach(consumer);
                after = page.isEmpty() ? after : page.getLast().name();
            } while (page.size() == PAGE);
        }
    }
}
