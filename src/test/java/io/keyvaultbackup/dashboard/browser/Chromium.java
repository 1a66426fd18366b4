package io.keyvaultbackup.dashboard.browser;

import io.keyvaultbackup.testservices.InstalledProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A Chromium of Debian's package without a window, with a profile of its own; nothing is downloaded. It shows light pages of 1280 by 900 in Berlin's time until
 * it is told otherwise. For one thread.
 */
final class Chromium implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int FAR = 200;
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private static final String HURRY = "const later = window.setTimeout;"
            + "window.setTimeout = (what, delay, ...more) => later(what, delay >= 10000 ? delay / 30 : delay, ...more);";

    private final ChromeDriver driver;
    private final Complaints complaints;
    private @Nullable Object hurrying;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
        this.complaints = new Complaints(driver.manage().logs());
    }

    /** A test without Chromium fails under .ci/run, and is left out elsewhere. */
    static Chromium start() {
        Path program = InstalledProgram.find("chromium", "package chromium");
        Path driver = InstalledProgram.find("chromedriver", "package chromium-driver");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program.toFile());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // it needs more rights than a container has
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--lang=en-GB");
        Chromium chromium = new Chromium(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.toFile())
                        .usingAnyFreePort()
                        .withSilent(true)
                        .build(),
                options));
        chromium.asAtFirst();
        return chromium;
    }

    /** Light, wide, in Berlin and in no hurry. */
    void asAtFirst() {
        hurryNoMore();
        online(true);
        light();
        size(1280, 900);
        zone("Europe/Berlin");
        cdp("Emulation.setLocaleOverride", Map.of("locale", "en-GB"));
    }

    void light() {
        colours("light");
    }

    void dark() {
        colours("dark");
    }

    /** Nothing moves by itself: what is scrolled to is there at once. */
    private void colours(String scheme) {
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    void size(int width, int height) {
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    void phone() {
        size(390, 844);
    }

    void zone(String name) {
        cdp("Emulation.setTimezoneOverride", Map.of("timezoneId", name));
    }

    /** Whether it gets at anything. */
    void online(boolean yes) {
        cdp("Network.enable", Map.of());
        cdp(
                "Network.emulateNetworkConditions",
                Map.of("offline", !yes, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** In pages that are opened from now on, what is to come after ten seconds or more comes thirty times as early. */
    void hurry() {
        hurrying = cdp("Page.addScriptToEvaluateOnNewDocument", Map.of("source", HURRY))
                .get("identifier");
    }

    void hurryNoMore() {
        if (hurrying != null) {
            cdp("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", hurrying));
            hurrying = null;
        }
    }

    private Map<String, Object> cdp(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    void open(URI address) {
        driver.get(address.toString());
    }

    URI address() {
        return URI.create(Objects.requireNonNull(driver.getCurrentUrl()));
    }

    String title() {
        return Objects.requireNonNull(driver.getTitle());
    }

    /** The page's text as it is shown. */
    String text() {
        return one("body").getText();
    }

    WebElement one(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Waits until that is so; an element that is being replaced is looked for again. */
    void await(String what, Supplier<Boolean> condition) {
        new WebDriverWait(driver, LIMIT, BETWEEN_LOOKS)
                .ignoring(StaleElementReferenceException.class)
                .ignoring(NoSuchElementException.class)
                .withMessage(() -> what + " at " + address() + ", which shows: " + text())
                .until(page -> condition.get());
    }

    void awaitText(String wanted) {
        await("to show '" + wanted + "'", () -> text().contains(wanted));
    }

    /** What a script that is an expression comes to. */
    @Nullable
    Object ask(String expression, @Nullable Object... arguments) {
        return driver.executeScript("return " + expression, arguments);
    }

    boolean is(String expression, @Nullable Object... arguments) {
        return Boolean.TRUE.equals(ask(expression, arguments));
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Presses Tab until the focus is at what has this text. */
    void tabTo(String text) {
        for (int step = 0; step < FAR; step++) {
            press(Keys.TAB);
            if (focusedText().equals(text)) {
                return;
            }
        }
        throw new AssertionError("nothing that has the text '" + text + "' gets the focus");
    }

    /** Presses Shift and Tab until the focus is at what has this ID. */
    void tabBackTo(String id) {
        for (int step = 0; step < FAR; step++) {
            new Actions(driver)
                    .keyDown(Keys.SHIFT)
                    .sendKeys(Keys.TAB)
                    .keyUp(Keys.SHIFT)
                    .perform();
            if (id.equals(ask("document.activeElement.id"))) {
                return;
            }
        }
        throw new AssertionError("nothing that has the ID " + id + " gets the focus");
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** What has the focus, also while it is replaced by what looks the same. */
    String focusedText() {
        return String.valueOf(ask("document.activeElement.innerText")).strip();
    }

    /** The texts of all that this selects, at one moment. */
    List<String> texts(String css) {
        return ((List<?>) Objects.requireNonNull(
                        ask("Array.from(document.querySelectorAll(arguments[0]), found => found.innerText)", css)))
                .stream().map(String::valueOf).toList();
    }

    void screenshot(String name) {
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** All of the page, however long it is, and as wide as it is shown. */
    void screenshotOfAll(String name) {
        int width = ((Number) Objects.requireNonNull(ask("window.innerWidth"))).intValue();
        int height = ((Number) Objects.requireNonNull(ask("window.innerHeight"))).intValue();
        int whole = ((Number) Objects.requireNonNull(ask("document.documentElement.scrollHeight"))).intValue();
        size(width, Math.max(height, whole));
        screenshot(name);
        size(width, height);
    }

    /** What axe-core finds wrong with the page that matters; empty if nothing. */
    List<String> inaccessible() {
        return Accessibility.findings(driver);
    }

    /** What the browser complained of since it was last asked, and whom it asked beside these. */
    List<String> complaints(List<URI> places) {
        return complaints.sinceLast(places);
    }

    void run(String script) {
        driver.executeScript(script);
    }

    void forgetCookies() {
        driver.manage().deleteAllCookies();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
