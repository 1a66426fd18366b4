package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {

    @Test
    void tagsAreSortedAndEachIsThereOnce() {
        assertThat(Labels.of(true, List.of("b", "a", "b")).tags()).containsExactly("a", "b");
    }

    @Test
    void tagsCannotBeChanged() {
        assertThatThrownBy(() -> Labels.of(false, Set.of("a")).tags().add("b"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Labels.NONE.tags().add("b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "before-upgrade", "team:audit", "v1.2_3", "-", "2026"})
    void tagsAreLettersDigitsAndFourSigns(String tag) {
        assertThat(Labels.checkTag(tag)).isEqualTo(tag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a,b", "a/b", "ä", "a\n", "\u001b[31m", "=cmd"})
    void nothingElseIsATag(String tag) {
        assertThatThrownBy(() -> Labels.of(false, Set.of(tag)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no tag");
    }

    @Test
    void aTagHasAtMost64Letters() {
        assertThat(Labels.checkTag("x".repeat(64))).hasSize(64);
        assertThatThrownBy(() -> Labels.checkTag("x".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }
}
