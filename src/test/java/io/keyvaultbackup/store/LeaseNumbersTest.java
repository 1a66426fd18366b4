package io.keyvaultbackup.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseNumbersTest {

    @Test
    void startAtTheLeastForASnapshotThatIsNew() {
        assertThat(LeaseNumbers.NONE.next("b", 3)).isEqualTo(3);
        assertThat(LeaseNumbers.NONE.with("a", 9).next("b", 1)).isEqualTo(1);
    }

    @Test
    void neverComeAgainAlsoForASnapshotThatIsNotKeptAnyMore() {
        LeaseNumbers numbers = LeaseNumbers.NONE.with("s0000", 7);
        for (int number = 1; number < 10 * LeaseNumbers.KEPT; number++) {
            numbers = numbers.with("s" + (1000 + number), 2);
        }

        assertThat(numbers.latest()).hasSize(LeaseNumbers.KEPT);
        assertThat(numbers.next("s0000", 1)).isEqualTo(8);
        assertThat(numbers.next("s1001", 1)).isEqualTo(8);
        assertThat(numbers.next("s1999", 1)).isEqualTo(3);
        assertThat(numbers.next("s2001", 1)).isEqualTo(1);
    }

    @Test
    void growForAnOldSnapshotToo() {
        LeaseNumbers numbers = LeaseNumbers.NONE;
        for (int number = 0; number <= LeaseNumbers.KEPT; number++) {
            numbers = numbers.with("s" + (1000 + number), 1);
        }

        LeaseNumbers again = numbers.with("s1000", numbers.next("s1000", 1));

        assertThat(again.next("s1000", 1)).isEqualTo(3);
        assertThat(again.next("s1001", 1)).isEqualTo(2);
    }
}
