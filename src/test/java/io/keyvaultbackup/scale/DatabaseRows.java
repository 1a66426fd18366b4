package io.keyvaultbackup.scale;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the tables of a PostgreSQL database hold, indexes included, without what deleted rows have left. */
record DatabaseRows(Map<String, Table> tables) {

    /** PostgreSQL's pointer to a row in its page; an entry of an index with a key of this database's is taken for so many. */
    private static final int POINTER = 4;

    private static final int INDEX_ENTRY = 60;

    /**
     * @param bytes of whole pages, with its indexes
     * @param content of the rows alone, with a share of the indexes: what is added where there are too few rows to fill pages
     */
    record Table(long rows, long bytes, long content) {}

    static DatabaseRows read(JdbcClient jdbc) {
        Map<String, Table> tables = new TreeMap<>();
        jdbc.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
                        + " AND table_type = 'BASE TABLE'")
                .query(String.class)
                .list()
                .forEach(name -> {
                    jdbc.sql("VACUUM FULL " + name).update();
                    long rows = number(jdbc, "SELECT COUNT(*) FROM " + name);
                    long indexes =
                            number(jdbc, "SELECT COUNT(*) FROM pg_index WHERE indrelid = '" + name + "'::regclass");
                    tables.put(
                            name,
                            new Table(
                                    rows,
                                    number(jdbc, "SELECT pg_total_relation_size('" + name + "')"),
                                    number(jdbc, "SELECT COALESCE(SUM(pg_column_size(one.*)), 0) FROM " + name + " one")
                                            + rows * (POINTER + indexes * INDEX_ENTRY)));
                });
        return new DatabaseRows(tables);
    }

    private static long number(JdbcClient jdbc, String question) {
        return jdbc.sql(question).query(Long.class).single();
    }

    /** What is there beyond what was. */
    DatabaseRows since(DatabaseRows before) {
        Map<String, Table> grown = new TreeMap<>();
        tables.forEach((name, table) -> {
            Table was = before.tables.getOrDefault(name, new Table(0, 0, 0));
            grown.put(
                    name,
                    new Table(table.rows() - was.rows(), table.bytes() - was.bytes(), table.content() - was.content()));
        });
        return new DatabaseRows(grown);
    }

    /** Without these tables. */
    DatabaseRows without(Set<String> names) {
        Map<String, Table> others = new TreeMap<>(tables);
        others.keySet().removeAll(names);
        return new DatabaseRows(others);
    }

    long rows() {
        return tables.values().stream().mapToLong(Table::rows).sum();
    }

    long content() {
        return tables.values().stream().mapToLong(Table::content).sum();
    }
}
