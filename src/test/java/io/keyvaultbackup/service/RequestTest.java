package io.keyvaultbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for, and the command line that it becomes. */
class RequestTest {

    private static final VaultAddress TEAM_A = VaultAddress.parse("https://team-a.vault.azure.net");
    private static final VaultAddress TEAM_B = VaultAddress.parse("https://team-b.vault.azure.net");
    private static final SnapshotId RUN = new SnapshotId("20261124T030000Z-4f2a9c");

    private static List<String> arguments(Wish wish) {
        return new Request(
                        "an-id",
                        wish,
                        "someone",
                        Instant.parse("2026-11-24T10:00:00.987654Z"),
                        Request.State.WAITING,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .arguments();
    }

    private static Selection only(String include) {
        return new Selection(EnumSet.allOf(ObjectKind.class), List.of(include), List.of());
    }

    @Test
    void eachActionIsTheVerbThatAPersonWouldUse() {
        assertThat(arguments(Wish.runNow(TEAM_A)))
                .containsExactly(
                        "backup", "--vault=https://team-a.vault.azure.net", "--scheduled-for=2026-11-24T10:00:00Z");
        assertThat(arguments(Wish.relaunch(TEAM_A, RUN)))
                .containsExactly("retry", "--vault=https://team-a.vault.azure.net", "--run=20261124T030000Z-4f2a9c");
        assertThat(arguments(Wish.stop(TEAM_A, null, null)))
                .containsExactly("stop", "--vault=https://team-a.vault.azure.net");
        assertThat(arguments(Wish.stop(TEAM_A, RUN, "is --dry-run an option here?")))
                .containsExactly(
                        "stop",
                        "--vault=https://team-a.vault.azure.net",
                        "--run=20261124T030000Z-4f2a9c",
                        "--reason=is --dry-run an option here?");
        assertThat(arguments(Wish.restorePlan(TEAM_A, null, TEAM_B, Selection.everything())))
                .containsExactly(
                        "restore",
                        "--from=https://team-a.vault.azure.net",
                        "--snapshot=latest",
                        "--to=https://team-b.vault.azure.net",
                        "--dry-run",
                        "--json");
        assertThat(arguments(Wish.restorePlan(
                        TEAM_A,
                        RUN,
                        TEAM_B,
                        new Selection(
                                Set.of(ObjectKind.KEY, ObjectKind.SECRET),
                                List.of("app-*", "secret/--yes"),
                                List.of("@file")))))
                .containsExactly(
                        "restore",
                        "--from=https://team-a.vault.azure.net",
                        "--snapshot=20261124T030000Z-4f2a9c",
                        "--to=https://team-b.vault.azure.net",
                        "--kind=secret",
                        "--kind=key",
                        "--include=app-*",
                        "--include=secret/--yes",
                        "--exclude=@file",
                        "--dry-run",
                        "--json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "", "20261124T030000Z", "20261124T030000Z-4f2a9c --full", "--store=/tmp", "x\n"})
    void whatIsNoRunsIdIsNotAskedFor(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> Wish.relaunch(TEAM_A, new SnapshotId(id)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "--yes", "-y", "--store=/tmp", "a\nb", "a\u0000", "\u001b[31m", "a\u202eb", "\ud800"})
    void whatIsNoPatternIsNotAskedFor(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wish.restorePlan(TEAM_A, RUN, TEAM_B, only(pattern)))
                .withMessageContaining("secret/app-*")
                .withMessageNotContaining("\n")
                .withMessageNotContaining("\u001b");
    }

    @Test
    void whatIsTooMuchOrBelongsToAnotherActionIsNotAskedFor() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wish.restorePlan(TEAM_A, RUN, TEAM_B, only("x".repeat(151))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wish.restorePlan(
                        TEAM_A,
                        RUN,
                        TEAM_B,
                        new Selection(EnumSet.allOf(ObjectKind.class), Collections.nCopies(51, "x"), List.of())));
        assertThatIllegalArgumentException().isThrownBy(() -> Wish.stop(TEAM_A, null, "x".repeat(301)));
        assertThatIllegalArgumentException().isThrownBy(() -> Wish.stop(TEAM_A, null, "two\nlines"));
        assertThatIllegalArgumentException().isThrownBy(() -> Wish.stop(TEAM_A, null, "--full"));
        for (RequestedAction action : RequestedAction.values()) {
            if (action != RequestedAction.RESTORE_PLAN) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new Wish(action, TEAM_A, RUN, TEAM_B, Selection.everything(), null));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new Wish(action, TEAM_A, RUN, null, only("app-*"), null));
            }
            if (action != RequestedAction.STOP) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new Wish(
                                action,
                                TEAM_A,
                                RUN,
                                action == RequestedAction.RESTORE_PLAN ? TEAM_B : null,
                                Selection.everything(),
                                "why"));
            }
        }
    }
}
