package io.keyvaultbackup.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which version of this tool is running, from what the build wrote. */
public final class ToolVersion {

    private static final String BUILD_INFO = "/META-INF/build-info.properties";

    private ToolVersion() {}

    /** What {@code --version} says. */
    public static String ofProgram() {
        return "keyvault-backup " + current();
    }

    /** What {@code version} says. */
    public static String ofProgramAndJava() {
        return ofProgram() + " (Java " + Runtime.version() + ")";
    }

    /** Such as {@code 0.1.0}; {@code development} where no build wrote one. */
    public static String current() {
        try (InputStream input = ToolVersion.class.getResourceAsStream(BUILD_INFO)) {
            Properties properties = new Properties();
            if (input != null) {
                properties.load(input);
            }
            return properties.getProperty("build.version", "development");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + BUILD_INFO, unreadable);
        }
    }
}
