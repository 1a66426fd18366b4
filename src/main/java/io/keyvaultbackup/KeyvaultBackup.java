package io.keyvaultbackup;

import io.keyvaultbackup.azure.ProxyUser;
import io.keyvaultbackup.cli.CommandLineInterface;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The program. */
@SpringBootApplication
public class KeyvaultBackup {

    public static void main(String[] arguments) {
        ProxyUser.allowBasic();
        System.exit(CommandLineInterface.ofThisProcess(KeyvaultBackup.class).execute(arguments));
    }
}
