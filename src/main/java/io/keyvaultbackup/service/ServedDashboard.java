package io.keyvaultbackup.service;

import java.net.URI;
import java.util.Optional;

/** The dashboard that this process serves, once it has started. Safe for use by many threads. */
public interface ServedDashboard {

    /** Where it answers, as seen from this machine. */
    URI address();

    /** Where health and metrics are. */
    URI managementAddress();

    /** With which somebody on this machine logs in, once; empty where people log in with an identity of their own. */
    Optional<String> oneTimePassword();
}
