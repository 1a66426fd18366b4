package io.keyvaultbackup.notification;

/** What of a vault news are about; each has a state of its own. */
public enum Topic {
    BACKUP("backup", "keyvault-backup runs"),
    VERIFY("verification", "keyvault-backup verify --vault VAULT --read-data"),
    DRILL("drill", "keyvault-backup runs"),
    AGE("newest complete snapshot", "keyvault-backup backup --vault VAULT");

    private final String words;
    private final String command;

    Topic(String words, String command) {
        this.words = words;
        this.command = command;
    }

    String words() {
        return words;
    }

    /** What to run to see more, or to mend it. */
    String command(String vault) {
        return command.replace("VAULT", vault);
    }
}
