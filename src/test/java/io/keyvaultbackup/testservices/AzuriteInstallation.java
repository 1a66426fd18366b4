package io.keyvaultbackup.testservices;

import java.io.IOException;
import java.util.List;

/** Azurite as {@code src/test/azurite/package-lock.json} pins it, installed when it is not there yet. */
final class AzuriteInstallation {

    private static final NodePackages PACKAGES = new NodePackages("src/test/azurite", "azurite");

    private AzuriteInstallation() {}

    /** The command that starts its Blob service. */
    static List<String> command() throws IOException {
        return List.of(
                "node",
                "--require",
                PACKAGES.source().resolve("leash.cjs").toString(),
                PACKAGES.installed()
                        .resolve("node_modules/azurite/dist/src/blob/main.js")
                        .toString());
    }
}
