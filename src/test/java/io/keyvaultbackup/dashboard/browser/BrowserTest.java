package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.OidcServer;
import io.keyvaultbackup.vault.VaultAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What tests in a browser share: one browser, one emulator and one served dashboard for the class, at which somebody has logged in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrowserTest {

    protected Chromium chromium;
    protected KeyVaultEmulator emulator;
    protected Bench bench;
    protected Served served;

    /** What is there before the dashboard is served. */
    abstract void prepare() throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        chromium = Chromium.start();
        emulator = KeyVaultEmulator.start();
        bench = new Bench(directory, emulator);
        prepare();
        served = bench.serve();
    }

    @AfterAll
    void end() {
        if (served != null) {
            served.close();
        }
        if (emulator != null) {
            emulator.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void begin() {
        chromium.asAtFirst();
    }

    @AfterEach
    void nothingIsComplainedOf() {
        assertThat(complaints()).isEmpty();
    }

    /** What the browser has complained of since it was last asked; a test that expects some asks. */
    protected List<String> complaints() {
        return chromium.complaints(places());
    }

    /** Which hosts a page may ask: the dashboard. */
    protected List<URI> places() {
        return List.of(served.address("/"));
    }

    /** With the one-time password; then the fleet is shown. */
    protected void logIn() {
        open("/");
        chromium.one("#password")
                .sendKeys(served.told().path("one_time_password").asString(), Keys.ENTER);
        chromium.await("the fleet", () -> chromium.address().getPath().equals("/fleet"));
    }

    /** With an account at a provider, on the way to that page. */
    protected void logInAs(OidcServer provider, String user, String path) {
        chromium.forgetCookies(); // of the provider, too: it is of the same host
        provider.letBackTo(served.address("/login/oauth2/code/oidc").toString());
        open(path);
        assertThat(chromium.address().getPath()).isEqualTo("/login");
        chromium.one("a.btn-primary").sendKeys(Keys.ENTER);
        chromium.await("the provider's form", () -> !chromium.all("#username").isEmpty());
        chromium.one("#username").sendKeys(user, Keys.TAB, OidcServer.PASSWORD, Keys.ENTER);
    }

    protected void open(String path) {
        chromium.open(served.address(path));
    }

    /** What the page's script would lose if the page were loaded anew. */
    protected void mark() {
        chromium.run("window.marked = true");
    }

    protected boolean isTheSamePage() {
        return chromium.is("window.marked === true");
    }

    /** As pages name it. */
    protected static String name(EmulatedVault vault) {
        return VaultAddress.parse(vault.uri().toString()).storeName();
    }

    /** A run of which these fail, as a role is missing for them; afterwards it is not any more. */
    protected String backUpWithout(EmulatedVault vault, String... failing) {
        for (String secret : failing) {
            vault.faults().on(Operation.BACKUP, "secret", secret).always().forbid("ForbiddenByRbac");
        }
        Bench.Result backup = bench.backUp(vault);
        vault.faults().clear();
        assertThat(backup.exitCode()).as(backup.out() + backup.err()).isEqualTo(failing.length == 0 ? 0 : 3);
        return backup.summary().path("snapshot").asString();
    }

    /** Does what was asked for at these vaults, as somebody's worker would. */
    protected void work(String... vaults) {
        bench.set(
                "keyvault-backup.vaults",
                Stream.of(vaults)
                        .map(vault ->
                                VaultAddress.ofStoreName(vault).orElseThrow().toString())
                        .collect(Collectors.joining(",")));
        Bench.Result worker = bench.run("worker", "--once");
        assertThat(worker.exitCode()).as(worker.out() + worker.err()).isZero();
    }

    /** In both colour schemes axe-core finds nothing that matters, and nothing is wider than a phone; leaves pictures of all three. */
    protected void isGoodToRead(String name) {
        chromium.size(1280, 900);
        chromium.light();
        look(name + "-light");
        chromium.dark();
        look(name + "-dark");
        chromium.light();
        chromium.phone();
        assertThat(chromium.ask("document.documentElement.scrollWidth"))
                .as("width on a phone of " + name)
                .isEqualTo(chromium.ask("window.innerWidth"));
        look(name + "-phone");
        chromium.asAtFirst();
    }

    private void look(String name) {
        chromium.screenshotOfAll(name);
        assertThat(chromium.inaccessible()).as(name).isEmpty();
    }
}
