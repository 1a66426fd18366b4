package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;

/** What was told, in both databases. */
class ToldNotificationsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00.123456Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private static Path directory;

    private static List<ConfigurableApplicationContext> contexts = List.of();

    @BeforeAll
    static void start() {
        Postgres.Database database = Postgres.shared().newDatabase();
        contexts = List.of(
                LedgerContract.start(Map.of("keyvault-backup.data-directory", directory.toString())),
                LedgerContract.start(Map.of(
                        "spring.datasource.url", database.jdbcUrl(),
                        "spring.datasource.username", database.user(),
                        "spring.datasource.password", database.password())));
    }

    @AfterAll
    static void stop() {
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    static List<ToldNotifications> databases() {
        return contexts.stream()
                .map(context -> context.getBean(ToldNotifications.class))
                .toList();
    }

    private static Optional<Instant> turn(
            ToldNotifications told, String vault, @Nullable String state, int about, int now) {
        return told.turn("BACKUP", vault, state, NOW.plusSeconds(about), NOW.plusSeconds(now), DAY);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void eachChangeIsToldAndTheTimeOfItsBeginning(ToldNotifications told) {
        assertThat(turn(told, "a", null, 0, 0)).isEmpty();
        assertThat(turn(told, "a", "INCOMPLETE", 1, 10)).contains(NOW.plusSeconds(10));
        assertThat(turn(told, "a", "INCOMPLETE", 2, 11)).isEmpty();
        assertThat(turn(told, "a", "FAILED", 1, 12)).as("an older one").isEmpty();
        assertThat(turn(told, "a", null, 1, 13)).as("an older one").isEmpty();
        assertThat(turn(told, "a", "FAILED", 3, 14)).contains(NOW.plusSeconds(10));
        assertThat(told.inTrouble("BACKUP")).containsExactly("a");
        assertThat(told.inTrouble("AGE")).isEmpty();
        assertThat(turn(told, "a", null, 3, 15)).contains(NOW.plusSeconds(10));
        assertThat(turn(told, "a", null, 4, 16)).isEmpty();
        assertThat(turn(told, "a", "FAILED", 3, 17)).as("an older one").isEmpty();
        assertThat(told.inTrouble("BACKUP")).isEmpty();
        assertThat(turn(told, "a", "FAILED", 5, 18)).contains(NOW.plusSeconds(18));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theSameIsToldAgainAfterItsTimeOrIfNobodyCouldBeReached(ToldNotifications told) {
        assertThat(turn(told, "b", "FAILED", 0, 0)).isPresent();
        assertThat(turn(told, "b", "FAILED", 1, 24 * 3600 - 1)).isEmpty();
        assertThat(turn(told, "b", "FAILED", 1, 24 * 3600)).contains(NOW);
        assertThat(told.turn("BACKUP", "b", "FAILED", NOW.plusSeconds(2), NOW.plus(DAY.multipliedBy(900)), null))
                .isEmpty();
        told.untold("BACKUP", "b", "INCOMPLETE");
        assertThat(turn(told, "b", "FAILED", 3, 24 * 3600 + 1)).isEmpty();
        told.untold("BACKUP", "b", "FAILED");
        assertThat(turn(told, "b", "FAILED", 3, 24 * 3600 + 2)).contains(NOW);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void ofManyThatMeetTheSameOneTells(ToldNotifications told) throws Exception {
        assertThat(toldByOf(told, "FAILED")).isEqualTo(1);
        assertThat(toldByOf(told, "INCOMPLETE")).isEqualTo(1);
        assertThat(toldByOf(told, null)).isEqualTo(1);
    }

    private static long toldByOf(ToldNotifications told, @Nullable String state) throws Exception {
        List<Future<Optional<Instant>>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int process = 0; process < 8; process++) {
                all.add(threads.submit(() -> turn(told, "c", state, 0, 0)));
            }
        }
        long telling = 0;
        for (Future<Optional<Instant>> one : all) {
            telling += one.get().isPresent() ? 1 : 0;
        }
        return telling;
    }
}
