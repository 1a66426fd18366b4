package io.keyvaultbackup.pipeline;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who works here, for people who look for whoever holds a vault, or has changed something. */
public final class ThisProcess {

    private ThisProcess() {}

    /** {@code node-7 (process 4711)}; a pod's name, where its host name is that. */
    public static String name() {
        return host() + " (process " + ProcessHandle.current().pid() + ")";
    }

    /** {@code operator@node-7}. */
    public static String user() {
        return System.getProperty("user.name") + "@" + host();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "a host without a name";
        }
    }
}
