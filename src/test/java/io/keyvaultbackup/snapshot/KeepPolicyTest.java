package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeepPolicyTest {

    private static KeepPolicy policy(int[] numbers, @Nullable String within, String... tags) {
        return new KeepPolicy(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                within == null ? null : KeepWithin.parse(within),
                new TreeSet<>(List.of(tags)),
                ZoneOffset.UTC);
    }

    @Test
    void withoutAnyRuleItIsEmpty() {
        assertThat(policy(new int[6], null).isEmpty()).isTrue();
    }

    @Test
    void withAnyRuleItIsNot() {
        for (int rule = 0; rule < 6; rule++) {
            int[] numbers = new int[6];
            numbers[rule] = 1;
            assertThat(policy(numbers, null).isEmpty()).as("rule %d", rule).isFalse();
        }
        assertThat(policy(new int[6], "1h").isEmpty()).isFalse();
        assertThat(policy(new int[6], null, "audit").isEmpty()).isFalse();
    }

    @Test
    void noNumberIsBelowZero() {
        String[] rules = {"keep-last", "keep-hourly", "keep-daily", "keep-weekly", "keep-monthly", "keep-yearly"};
        for (int rule = 0; rule < 6; rule++) {
            int[] numbers = new int[6];
            numbers[rule] = -1;
            assertThatThrownBy(() -> policy(numbers, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(rules[rule] + ": -1 is no number of snapshots");
        }
    }

    @Test
    void tagsAreTags() {
        assertThatThrownBy(() -> policy(new int[6], null, "a b")).hasMessageContaining("'a b' is no tag");
    }
}
