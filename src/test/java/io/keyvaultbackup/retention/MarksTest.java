package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarksTest {

    @Test
    void whatWasAddedIsThereAndNothingElse() {
        Marks marks = new Marks();
        for (int round = 0; round < 3; round++) {
            for (int number = 0; number < 5_000; number++) {
                marks.add("vault/snapshot/secret/app" + number + ".1");
            }
        }

        for (int number = 0; number < 5_000; number++) {
            assertThat(marks.has("vault/snapshot/secret/app" + number + ".1")).isTrue();
            assertThat(marks.has("vault/snapshot/secret/app" + number + ".2")).isFalse();
        }
        marks.add("one more");
        assertThat(marks.has("one more")).isTrue();
    }

    @Test
    void nothingIsInNone() {
        assertThat(new Marks().has("anything")).isFalse();
    }
}
