package io.keyvaultbackup.notification;

import java.net.InetAddress;

/** Where nobody reads on the way. */
final class ThisMachine {

    private ThisMachine() {}

    /** No name is looked up. */
    static boolean is(String host) {
        try {
            return host.equals("localhost")
                    || InetAddress.ofLiteral(host.replaceAll("^\\[|]$", "")).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
