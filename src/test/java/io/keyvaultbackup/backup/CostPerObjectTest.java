package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What one object more costs, which no machine makes more or less: the difference of a vault of many secrets and one of four times as many, so that what each run costs but
 * once drops out. The bounds are what was measured in November 2026, and a little more.
 */
class CostPerObjectTest extends EmulatedVaultTest {

    private static final int FEW = 160;
    private static final int MANY = 4 * FEW;

    /** What something cost in all, by what it was paid with. */
    private record Cost(double vault, double store, double statements) {

        Cost perObject(Cost ofFew) {
            return new Cost(
                    (vault - ofFew.vault) / (MANY - FEW),
                    (store - ofFew.store) / (MANY - FEW),
                    (statements - ofFew.statements) / (MANY - FEW));
        }

        void assertAtMost(double mostVault, double mostStore, double mostStatements) {
            assertThat(vault).as("calls to Key Vault").isLessThanOrEqualTo(mostVault);
            assertThat(store).as("requests to the store").isLessThanOrEqualTo(mostStore);
            assertThat(statements).as("statements").isLessThanOrEqualTo(mostStatements);
        }
    }

    @Test
    void oneObjectMoreCostsAVaultAStoreAndADatabaseWhatItDid() {
        // given
        bench.with(CountedStatements.class)
                .with(SkippingTime.class)
                .set("keyvault-backup.budget", "10000000")
                .set(
                        "keyvault-backup.overlap-from",
                        "100000") // who waits beside others looks as often as the clock says
                .set("keyvault-backup.refresh-days", "0");

        costs(1); // makes the job database

        // when
        Map<String, Cost> few = costs(FEW);
        Map<String, Cost> many = costs(MANY);

        // then
        Map<String, Cost> costs = new TreeMap<>();
        many.forEach((what, cost) -> costs.put(what, cost.perObject(few.getOrDefault(what, cost))));
        costs.forEach((what, cost) -> System.out.println("COST " + what + " " + cost));
        costs.getOrDefault("backup", new Cost(99, 99, 99)).assertAtMost(2.3, 1.1, 0.45);
        costs.getOrDefault("backup again", new Cost(99, 99, 99)).assertAtMost(0.09, 0, 0.3);
        costs.getOrDefault("verify", new Cost(99, 99, 99)).assertAtMost(0, 1.1, 0.05);
        costs.getOrDefault("restore", new Cost(99, 99, 99)).assertAtMost(2.3, 1.1, 0.6);
    }

    private Map<String, Cost> costs(int objects) {
        Azurite.Container container = Azurite.shared().newContainer();
        EmulatedVault source =
                emulator.vault(VaultSettings.of("source-" + objects).withClock(SkippingTime.CLOCK));
        EmulatedVault target = emulator.vault("target-" + objects);
        source.secrets("app", objects);
        SkippingTime.skip(Duration.ofMinutes(1)); // or what has just changed is copied again
        Map<String, Cost> costs = new TreeMap<>();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            bench.onContainer(Azurite.connectionString(way.url()), container.name());
            costs.put("backup", cost(source, way, container, () -> bench.backUp(source)));
            costs.put("backup again", cost(source, way, container, () -> bench.backUp(source)));
            costs.put(
                    "verify",
                    cost(
                            source,
                            way,
                            container,
                            () -> bench.run("verify", "--vault", source.uri().toString(), "--read-data")));
            costs.put(
                    "restore",
                    cost(
                            target,
                            way,
                            container,
                            () -> bench.run(
                                    "restore",
                                    "--yes",
                                    "--from",
                                    source.uri().toString(),
                                    "--to",
                                    target.uri().toString())));
        }
        return costs;
    }

    private static Cost cost(
            EmulatedVault vault, FaultyWay way, Azurite.Container container, Supplier<Bench.Result> work) {
        vault.requests().reset();
        long store = requests(way, container);
        long statements = CountedStatements.executed();
        Bench.Result result = work.get();
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return new Cost(
                vault.requests().total(), requests(way, container) - store, CountedStatements.executed() - statements);
    }

    /** But for what is done by the clock: the lease is renewed, in a container of its own, and operators' stops are looked for. */
    private static long requests(FaultyWay way, Azurite.Container container) {
        return way.targets().stream()
                .filter(target -> target.replace('?', '/').contains("/" + container.name() + "/"))
                .filter(target -> !target.contains("/stops/"))
                .count();
    }

    @Test
    void oneObjectMoreIsAllocatedAsMuchAsBeforeAndHasNoThreadOfItsOwn() throws IOException {
        // given
        bench.set("keyvault-backup.budget", "10000000");

        // when
        Measured few = measured(FEW);
        Measured many = measured(MANY);

        // then
        double kilobytes = (many.allocated - few.allocated) / 1024.0 / (MANY - FEW);
        System.out.println("COST " + few + " " + many + ": " + kilobytes + " KB an object");
        assertThat(kilobytes).as("kilobytes allocated").isLessThanOrEqualTo(340);
        assertThat(many.platformThreads).as("platform threads").isLessThanOrEqualTo(80);
        assertThat(many.virtualThreads).as("virtual threads").isLessThanOrEqualTo(64);
    }

    private record Measured(long allocated, int platformThreads, int virtualThreads) {}

    private Measured measured(int objects) throws IOException {
        EmulatedVault source = emulator.vault("process-" + objects);
        source.secrets("app", objects);
        Path file = directory.resolve("measured-" + objects);
        Bench.Result result = new OwnProcess(directory, emulator, bench)
                .options(List.of("-D" + MeasuredProgram.FILE + "=" + file))
                .untrained(MeasuredProgram.class)
                .run("backup", "--json", "--vault", source.uri().toString());
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        String[] told = Files.readString(file).split(" ", -1);
        return new Measured(Long.parseLong(told[0]), Integer.parseInt(told[1]), Integer.parseInt(told[2]));
    }
}
