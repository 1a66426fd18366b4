package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
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

    protected void open(String path) {
        chromium.open(served.address(path));
    }

    /** In both colour schemes axe-core finds nothing that matters, and nothing is wider than a phone; leaves pictures of all three. */
    protected void isGoodToRead(String name) {
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
