package io.keyvaultbackup;

/** The program. */
public final class KeyvaultBackup {

    private KeyvaultBackup() {}

    public static void main(String[] arguments) {
        System.exit(0);
    }
}
