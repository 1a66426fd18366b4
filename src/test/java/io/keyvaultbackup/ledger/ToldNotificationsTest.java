package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.ledger.ToldNotifications.Examined;
import io.keyvaultbackup.ledger.ToldNotifications.Known;
import io.keyvaultbackup.ledger.ToldNotifications.Standing;
import io.keyvaultbackup.ledger.ToldNotifications.Turn;
import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        return told.turn(new Standing("BACKUP", vault, state, NOW.plusSeconds(about), null), NOW.plusSeconds(now), DAY)
                .map(Turn::since);
    }

    private static List<ToldNotifications.Key> key(String vault, String state) {
        return List.of(new ToldNotifications.Key("BACKUP", vault, state));
    }

    /** Databases keep microseconds, and round up what is closer to the next: then what was just noted was older than itself. */
    @ParameterizedTest
    @MethodSource("databases")
    void whatIsNotedForTheFirstTimeIsNotOlderThanItself(ToldNotifications told) {
        Instant found = NOW.plusNanos(900);

        assertThat(told.turn(new Standing("VERIFY", "nanos", "DAMAGED", found, null), found, DAY))
                .contains(new Turn(found, Set.of("DAMAGED")));
        told.untold(List.of(new ToldNotifications.Key("VERIFY", "nanos", "DAMAGED")), found);
        assertThat(told.turn(new Standing("VERIFY", "nanos", "DAMAGED", found, null), found, DAY))
                .as("untold in the same moment")
                .isPresent();
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
        assertThat(told.known("BACKUP").get("a")).isEqualTo(new Known(true, NOW.plusSeconds(14)));
        assertThat(told.known("AGE")).isEmpty();
        assertThat(told.turn(new Standing("BACKUP", "a", null, NOW.plusSeconds(3), null), NOW.plusSeconds(15), DAY))
                .contains(new Turn(NOW.plusSeconds(10), Set.of("INCOMPLETE", "FAILED")));
        assertThat(turn(told, "a", null, 4, 16)).as("another tells it").isEmpty();
        told.told(key("a", "GOOD"), NOW);
        assertThat(turn(told, "a", null, 4, 600)).isEmpty();
        assertThat(turn(told, "a", "FAILED", 3, 17)).as("an older one").isEmpty();
        assertThat(told.known("BACKUP").get("a")).isEqualTo(new Known(false, null));
        assertThat(turn(told, "a", "FAILED", 5, 18)).contains(NOW.plusSeconds(18));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theSameIsToldAgainAfterItsTimeOrIfNobodyCouldBeReached(ToldNotifications told) {
        assertThat(turn(told, "b", "FAILED", 0, 0)).isPresent();
        told.told(key("b", "FAILED"), NOW);
        assertThat(turn(told, "b", "FAILED", 1, 24 * 3600 - 1)).isEmpty();
        assertThat(turn(told, "b", "FAILED", 1, 24 * 3600)).contains(NOW);
        told.told(key("b", "FAILED"), NOW.plus(DAY));
        assertThat(told.turn(
                        new Standing("BACKUP", "b", "FAILED", NOW.plusSeconds(2), null),
                        NOW.plus(DAY.multipliedBy(900)),
                        null))
                .isEmpty();
        assertThat(turn(told, "b", "INCOMPLETE", 3, 24 * 3600 + 1)).contains(NOW);
        told.untold(key("b", "FAILED"), NOW.plus(DAY).plusSeconds(2));
        assertThat(turn(told, "b", "INCOMPLETE", 3, 24 * 3600 + 3))
                .as("of another state")
                .isEmpty();
        told.untold(key("b", "INCOMPLETE"), NOW.plus(DAY).plusSeconds(3));
        assertThat(turn(told, "b", "INCOMPLETE", 3, 24 * 3600 + 4)).contains(NOW);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whatAProcessThatDiedDidNotTellAnotherTells(ToldNotifications told) {
        // given one that is about to tell, and is never heard of again
        assertThat(turn(told, "d", "FAILED", 0, 0)).isPresent();

        // then another tells it two minutes later, unless the first says that it is still about to
        assertThat(turn(told, "d", "FAILED", 0, 119)).isEmpty();
        told.renew(key("d", "FAILED"), NOW.plusSeconds(100));
        assertThat(turn(told, "d", "FAILED", 0, 219)).isEmpty();
        assertThat(turn(told, "d", "FAILED", 0, 220)).contains(NOW);

        // and what was told is not claimed any more
        told.told(key("d", "FAILED"), NOW.plusSeconds(221));
        told.renew(key("d", "FAILED"), NOW.plusSeconds(222));
        assertThat(told.known("BACKUP").get("d")).isEqualTo(new Known(true, NOW.plusSeconds(221)));
        assertThat(turn(told, "d", "FAILED", 0, 900)).isEmpty();

        // and so it is with the end of it
        assertThat(turn(told, "d", null, 1, 901)).contains(NOW);
        assertThat(told.known("BACKUP").get("d")).isEqualTo(new Known(true, null));
        assertThat(turn(told, "d", null, 1, 1020)).isEmpty();
        assertThat(turn(told, "d", null, 1, 1021)).contains(NOW);
        told.told(key("d", "GOOD"), NOW.plusSeconds(1022));
        assertThat(turn(told, "d", null, 1, 9000)).isEmpty();
    }

    private static Optional<Turn> examined(
            ToldNotifications told, String vault, @Nullable String state, int now, String snapshot, String part) {
        Instant at = NOW.plusSeconds(now);
        Optional<Turn> turn =
                told.turn(new Standing("VERIFY", vault, state, at, new Examined(snapshot, part)), at, DAY);
        told.told(List.of(new ToldNotifications.Key("VERIFY", vault, state == null ? "GOOD" : state)), at);
        return turn;
    }

    @ParameterizedTest
    @MethodSource("databases")
    void damageIsEndedOnlyByAnExaminationThatCouldSeeIt(ToldNotifications told) {
        // given what the first of four parts has found
        assertThat(examined(told, "v", "DAMAGED", 0, "20261124T030000Z-4f2a9c", "1/4"))
                .isPresent();

        // then others do not see it
        assertThat(examined(told, "v", null, 1, "20261124T030000Z-4f2a9c", "0/1"))
                .isEmpty();
        assertThat(examined(told, "v", null, 2, "20261124T030000Z-4f2a9c", "2/4"))
                .isEmpty();
        assertThat(examined(told, "v", null, 3, "20261123T030000Z-4f2a9c", "1/1"))
                .as("an older snapshot")
                .isEmpty();

        // and what another finds beside it is not told, and has to be over too
        assertThat(examined(told, "v", "DAMAGED", 4, "20261124T030000Z-4f2a9c", "0/1"))
                .isEmpty();
        assertThat(examined(told, "v", null, 5, "20261124T030000Z-4f2a9c", "0/1"))
                .isEmpty();
        assertThat(examined(told, "v", null, 6, "20261125T030000Z-4f2a9c", "1/4"))
                .isPresent();

        // and a reading of all covers all, and nothing else what it found
        assertThat(examined(told, "v", "DAMAGED", 7, "20261124T030000Z-4f2a9c", "1/1"))
                .isPresent();
        assertThat(examined(told, "v", "DAMAGED", 8, "20261124T030000Z-4f2a9c", "2/4"))
                .isEmpty();
        assertThat(examined(told, "v", null, 9, "20261124T030000Z-4f2a9c", "2/4"))
                .isEmpty();
        assertThat(examined(told, "v", null, 10, "20261124T030000Z-4f2a9c", "1/1"))
                .isPresent();

        // and of what is in no copy any examination knows
        assertThat(examined(told, "v", "DAMAGED", 11, "20261124T030000Z-4f2a9c", "0/1"))
                .isPresent();
        assertThat(examined(told, "v", null, 12, "20261124T030000Z-4f2a9c", "3/7"))
                .isPresent();
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
