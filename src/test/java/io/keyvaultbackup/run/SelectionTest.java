package io.keyvaultbackup.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

    @ParameterizedTest
    @CsvSource({
        "app-*, app-1, true",
        "app-*, APP-1, true",
        "app-*, my-app-1, false",
        "secret/app-?, app-1, true",
        "secret/app-?, app-12, false",
        "key/*, app-1, false",
        "*, anything, true",
        "*p*1, app-1, true",
        "a*p*, app-1, true",
        "app-1*, app-1, true",
        "app-1?, app-1, false",
        "*a*a*, app-1, false",
        "app, app-1, false",
        "app.1, app-1, false"
    })
    void globsAreHeldAgainstKindAndName(String glob, String name, boolean selected) {
        ObjectId id = new ObjectId(ObjectKind.SECRET, name);

        assertThat(including(glob).selects(id)).isEqualTo(selected);
        assertThat(new Selection(EnumSet.allOf(ObjectKind.class), List.of(), List.of(glob)).selects(id))
                .isEqualTo(!selected);
    }

    @Test
    void aKindThatIsNotSelectedIsLeftOut() {
        Selection secrets = new Selection(EnumSet.of(ObjectKind.SECRET), List.of(), List.of());

        assertThat(secrets.selects(new ObjectId(ObjectKind.SECRET, "a"))).isTrue();
        assertThat(secrets.selects(new ObjectId(ObjectKind.KEY, "a"))).isFalse();
    }

    @Test
    void theOrderInWhichItIsGivenDoesNotMatter() {
        Selection one = new Selection(EnumSet.allOf(ObjectKind.class), List.of("a", "b"), List.of());
        Selection other = new Selection(EnumSet.allOf(ObjectKind.class), List.of("b", "a"), List.of());

        assertThat(one.canonical()).isEqualTo(other.canonical());
        assertThat(one.canonical()).isNotEqualTo(Selection.everything().canonical());
    }

    @Test
    void aPatternOfManyStarsIsHeldAgainstANameAtOnce() {
        assertThat(Selection.matches("*a".repeat(60) + "b", "a".repeat(127))).isFalse();
        assertThat(Selection.matches("*a".repeat(60) + "*", "a".repeat(127))).isTrue();
    }

    private static Selection including(String glob) {
        return new Selection(EnumSet.allOf(ObjectKind.class), List.of(glob), List.of());
    }
}
