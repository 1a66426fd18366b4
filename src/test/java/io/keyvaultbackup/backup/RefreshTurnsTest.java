package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTurnsTest {

    private static final long FIRST_DAY = 20_416;

    private static List<ObjectId> objects(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new ObjectId(ObjectKind.SECRET, "app-" + number))
                .toList();
    }

    private static RefreshTurns turns(int every, long today, List<ObjectId> objects) {
        return new RefreshTurns(every, today, objects::forEach);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 30})
    void eachDayHasItsShareOfTheObjectsAndEachObjectItsDay(int every) {
        // given all copied on one day
        List<ObjectId> objects = objects(10_000);
        Map<ObjectId, Long> copied = new HashMap<>();
        objects.forEach(object -> copied.put(object, FIRST_DAY));

        for (long today = FIRST_DAY + 1; today <= FIRST_DAY + 3L * every; today++) {
            // when
            RefreshTurns turns = turns(every, today, objects);
            long day = today;
            List<ObjectId> due = objects.stream()
                    .filter(object -> turns.isDue(object, copied.getOrDefault(object, 0L)))
                    .toList();

            // then
            assertThat(due.size()).as("due on day %d", today).isBetween(10_000 / every - 3, 10_000 / every + 4);
            assertThat(due)
                    .allMatch(object -> copied.getOrDefault(object, 0L) == day - every
                            || copied.getOrDefault(object, 0L) == FIRST_DAY);
            due.forEach(object -> copied.put(object, day));
            assertThat(due).as("on the same day").noneMatch(object -> turns.isDue(object, day));
        }
    }

    @Test
    void nobodyMissesATurnWhereObjectsComeAndGo() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<ObjectId> objects = new ArrayList<>(objects(2_000));
        Map<ObjectId, Long> copied = new HashMap<>();
        objects.forEach(object -> copied.put(object, FIRST_DAY));
        for (long today = FIRST_DAY + 1; today < FIRST_DAY + 60; today++) {
            // given a day on which up to fifty objects went and as many came, and some nights without a run
            for (int change = random.nextInt(50); change > 0; change--) {
                objects.remove(random.nextInt(objects.size()));
                objects.add(new ObjectId(ObjectKind.KEY, "new-" + random.nextInt()));
            }
            if (random.nextInt(10) == 0) {
                continue;
            }

            // when
            RefreshTurns turns = turns(7, today, objects);
            for (ObjectId object : objects) {
                long before = copied.getOrDefault(object, Long.MIN_VALUE);
                if (before == Long.MIN_VALUE || turns.isDue(object, before)) {
                    copied.put(object, today);
                }
            }

            // then
            for (ObjectId object : objects) {
                assertThat(today - copied.getOrDefault(object, 0L))
                        .as("age of the copy of %s, seed %d", object, seed)
                        .isLessThan(7);
            }
        }
    }

    @Test
    void nothingIsDueWhereRefreshingIsOffOrTheCopyIsOfALaterDay() {
        // given
        List<ObjectId> objects = objects(100);

        // then
        RefreshTurns never = turns(0, FIRST_DAY, objects);
        assertThat(objects).noneMatch(object -> never.isDue(object, 0));
        RefreshTurns daily = turns(1, FIRST_DAY, objects);
        assertThat(objects).noneMatch(object -> daily.isDue(object, FIRST_DAY + 1));
    }
}
