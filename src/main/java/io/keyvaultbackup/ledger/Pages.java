package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the objects of a run by kind and name, page by page, so that memory does not grow with a vault. Stateless. */
final class Pages {

    private static final int PAGE = 2_000;

    private record Named<T>(String name, T value) {}

    private Pages() {}

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
                page = jdbc.sql("SELECT " + columns
                                + " FROM ledger_object WHERE snapshot_id = ? AND kind = ? AND name > ? AND " + condition
                                + " ORDER BY name LIMIT ?")
                        .params(snapshot.value(), kind.name(), after, PAGE)
                        .query((row, number) ->
                                new Named<>(row.getString("name"), Objects.requireNonNull(mapper.mapRow(row, number))))
                        .list();
                page.forEach(one -> consumer.accept(one.value()));
                after = page.isEmpty() ? after : page.getLast().name();
            } while (page.size() == PAGE);
        }
    }
}
