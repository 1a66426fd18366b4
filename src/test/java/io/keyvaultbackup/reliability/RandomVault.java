package io.keyvaultbackup.reliability;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.ObjectSeed;
import io.keyvaultbackup.emulator.SecretSeed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Fills a vault with what vaults may hold: names that are legal and weird, objects that are disabled, expired, tagged, of several versions. */
final class RandomVault {

    private static final List<String> WEIRD = List.of(
            "a",
            "0",
            "-",
            "--",
            "-a-",
            "A-1",
            "secret",
            "manifests",
            "key",
            "certificate",
            "1-json",
            "null",
            "latest",
            "COM1");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    private static final int LONGEST = 127;

    private final EmulatedVault vault;
    private final Random random;
    private final Set<String> secretNames = new HashSet<>();
    private final Set<String> keyNames = new HashSet<>();
    private final List<Named> made = new ArrayList<>();

    /** An object that has a backup call of its own. */
    record Named(String kind, String name) {}

    private RandomVault(EmulatedVault vault, Random random) {
        this.vault = vault;
        this.random = random;
    }

    /** Returns the objects that no certificate owns. */
    static List<Named> fill(EmulatedVault vault, Random random) {
        RandomVault filled = new RandomVault(vault, random);
        int certificates = random.nextInt(6);
        for (int number = 0; number < certificates; number++) {
            filled.certificate();
        }
        int keys = random.nextInt(8);
        for (int number = 0; number < keys; number++) {
            filled.key();
        }
        int secrets = random.nextInt(10) == 0 ? 26 + random.nextInt(40) : 1 + random.nextInt(18);
        for (int number = 0; number < secrets; number++) {
            filled.secret();
        }
        return filled.made;
    }

    private void certificate() {
        String name = name(secretNames);
        keyNames.add(name.toLowerCase(Locale.ROOT));
        shape(vault.certificate(name));
        made.add(new Named("certificate", name));
    }

    private void key() {
        String name = name(keyNames);
        shape(vault.key(name));
        made.add(new Named("key", name));
    }

    private void secret() {
        String name = name(secretNames);
        SecretSeed seed = vault.secret(name);
        shape(seed);
        if (name.length() % 3 == 0) { // known schedules stay as they are
            seed.contentType("text/" + name);
        }
        made.add(new Named("secret", name));
    }

    private void shape(ObjectSeed<?> seed) {
        switch (random.nextInt(8)) {
            case 0 -> seed.disabled();
            case 1 -> seed.versions(2 + random.nextInt(4));
            case 2 -> seed.versions(26 + random.nextInt(5));
            case 3 -> seed.tag("owner", "Team \"Büro\"\n; 7:x").tag("e", "");
            case 4 -> seed.expires(Instant.parse("2020-02-29T12:00:00Z")).disabled();
            case 5 -> seed.notBefore(Instant.parse("2035-12-31T23:59:59Z"));
            case 6 -> seed.blobSize(20_000 + random.nextInt(100_000));
            default -> {
                // as it is
            }
        }
    }

    /** A name that none of these has in any case. */
    private String name(Set<String> taken) {
        while (true) {
            String name = random.nextInt(4) == 0 ? WEIRD.get(random.nextInt(WEIRD.size())) : letters();
            if (taken.add(name.toLowerCase(Locale.ROOT))) {
                return name;
            }
        }
    }

    private String letters() {
        int length = random.nextInt(6) == 0 ? LONGEST : 1 + random.nextInt(20);
        StringBuilder name = new StringBuilder();
        for (int place = 0; place < length; place++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }
}
