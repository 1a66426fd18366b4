package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Nights whose objects the job database has let go: what of them is still told and done. */
@ExtendWith(OutputCaptureExtension.class)
class LetGoTest extends EmulatedVaultTest {

    private final List<Bench.Result> nights = new ArrayList<>();

    @BeforeEach
    void prepare() {
        bench.with(SkippingTime.class);
        vault.secrets("app", 4);
        vault.certificate("site");
    }

    private static String night(int number) {
        return "2026-11-%02dT03:00:00Z".formatted(number);
    }

    private void backUp(int number) {
        Bench.Result night = bench.backUp(vault, "--scheduled-for", night(number));
        assertThat(night.exitCode()).as(night.out() + night.err()).isZero();
        nights.add(night);
    }

    private String run(int night) {
        return nights.get(night).summary().path("snapshot").asString();
    }

    private long rows(int night) {
        return bench.jdbc()
                .sql("SELECT COUNT(*) FROM ledger_object WHERE snapshot_id = ?")
                .param(run(night))
                .query(Long.class)
                .single();
    }

    @Test
    void anOlderNightIsToldInNumbersAndWhereItsObjectsAre() {
        // given
        for (int number = 20; number < 23; number++) {
            backUp(number);
        }
        assertThat(List.of(rows(0), rows(1), rows(2))).containsExactly(0L, 7L, 7L);
        String manifest = nights.getFirst().summary().path("manifest").asString();

        // when
        Bench.Result told = bench.run("runs", run(0));
        Bench.Result json = bench.run("runs", run(0), "--json");
        Bench.Result kept = bench.run("runs", run(1), "--json");
        Bench.Result list = bench.run("runs", "--json");

        // then
        assertThat(told.exitCode()).as(told.err()).isZero();
        assertThat(told.out())
                .contains("5 backed up, 2 covered by certificate")
                .contains("The job database has let the objects of this run go")
                .contains("keyvault-backup.ledger.keep-objects", "keyvault-backup ls " + run(0), manifest)
                .doesNotContain("secret/app000001");
        JsonNode run = json.lines("run").getFirst();
        assertThat(run.path("objects_kept").asBoolean(true)).isFalse();
        assertThat(run.path("outcomes").path("BACKED_UP").asInt()).isEqualTo(5);
        assertThat(json.lines("object")).isEmpty();
        assertThat(json.lines("execution").getFirst().path("manifest").asString())
                .isEqualTo(manifest);
        assertThat(json.lines("listing")).hasSize(3);
        assertThat(kept.lines("run").getFirst().path("objects_kept").asBoolean())
                .isTrue();
        assertThat(kept.lines("object")).hasSize(7);
        assertThat(list.lines("run"))
                .hasSize(3)
                .allMatch(one ->
                        one.path("outcomes").path("COVERED_BY_CERTIFICATE").asInt() == 2);

        // and what it says is where they are
        Bench.Result ls = bench.run("ls", run(0));
        assertThat(ls.exitCode()).as(ls.err()).isZero();
        assertThat(ls.out()).contains("secret/app000001");
    }

    @Test
    void anOlderNightIsStillCompleteAndLaterOnesBuildOnTheCopiesOfBefore() {
        // given
        for (int number = 20; number < 24; number++) {
            backUp(number);
        }
        assertThat(rows(0) + rows(1)).isZero();
        vault.requests().reset();

        // when
        Bench.Result again = bench.backUp(vault, "--scheduled-for", night(20));
        Bench.Result retried =
                bench.run("retry", "--json", "--vault", vault.uri().toString(), "--run", run(1));

        // then
        assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
        assertThat(again.summary().path("already_complete").asBoolean()).isTrue();
        assertThat(again.outcomes()).isEqualTo(nights.getFirst().outcomes());
        assertThat(retried.exitCode()).as(retried.out() + retried.err()).isZero();
        assertThat(retried.outcomes()).isEqualTo(nights.get(1).outcomes());
        assertThat(vault.requests().total()).isZero();
        for (String verb : List.of("verify", "ls")) {
            Bench.Result read = bench.run(verb, run(0));
            assertThat(read.exitCode()).as(read.out() + read.err()).isZero();
        }
        assertThat(bench.run("diff", run(0), run(3)).exitCode()).isZero();
    }

    @Test
    void whatIsNotCompleteKeepsItsObjectsAndIsFinishedLater() {
        // given a night with a failure, and two good ones
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000002")
                .times(1)
                .forbid("ForbiddenByRbac");
        Bench.Result incomplete = bench.backUp(vault, "--scheduled-for", night(20));
        assertThat(incomplete.exitCode())
                .as(incomplete.out() + incomplete.err())
                .isEqualTo(3);
        forbidden.cancel();
        nights.add(incomplete);
        bench.set("keyvault-backup.ledger.keep-objects", "1");
        backUp(21);
        backUp(22);
        assertThat(List.of(rows(0), rows(1), rows(2))).containsExactly(7L, 0L, 7L);
        vault.requests().reset();

        // when
        Bench.Result finished = bench.backUp(vault, "--scheduled-for", night(20));

        // then what failed is done, and then it is as old as it is
        assertThat(finished.exitCode()).as(finished.out() + finished.err()).isZero();
        assertThat(finished.outcomes()).isEqualTo(Map.of("BACKED_UP", 5L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(vault.requests().count(Operation.BACKUP)).isLessThanOrEqualTo(1);
        assertThat(rows(0)).isZero();
    }

    @Test
    void aRunIsCompleteAlsoWhereOlderObjectsCanNotBeLetGo(CapturedOutput process) {
        // given rows that the database does not remove
        backUp(20);
        backUp(21);
        bench.jdbc()
                .sql("CREATE TABLE held (snapshot_id VARCHAR(40), kind VARCHAR(20), name VARCHAR(127), FOREIGN KEY"
                        + " (snapshot_id, kind, name) REFERENCES ledger_object (snapshot_id, kind, name))")
                .update();
        bench.jdbc()
                .sql("INSERT INTO held SELECT snapshot_id, kind, name FROM ledger_object WHERE snapshot_id = ?")
                .param(run(0))
                .update();

        // when
        backUp(22);

        // then
        assertThat(process.getErr())
                .contains("The rows of the objects of older runs of " + vault.uri() + " are still in the job database");
        assertThat(rows(0)).isEqualTo(7);
        assertThat(bench.run("runs", run(0), "--json")
                        .lines("run")
                        .getFirst()
                        .path("objects_kept")
                        .asBoolean())
                .isTrue();

        // when they can be
        bench.jdbc().sql("DROP TABLE held").update();
        backUp(23);

        // then
        assertThat(List.of(rows(0), rows(1), rows(2), rows(3))).containsExactly(0L, 0L, 7L, 7L);
    }

    @Test
    void toKeepNoneIsRefused() {
        // given
        bench.set("keyvault-backup.ledger.keep-objects", "0");

        // when
        Bench.Result refused = bench.backUp(vault, "--scheduled-for", night(20));

        // then
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out() + refused.err()).contains("keyvault-backup.ledger.keep-objects: 0 is not 1 or more");
        assertThat(vault.requests().total()).isZero();
    }
}
