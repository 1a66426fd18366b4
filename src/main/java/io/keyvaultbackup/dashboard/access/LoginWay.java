package io.keyvaultbackup.dashboard.access;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** How people log in. */
interface LoginWay {

    /** At the pages. */
    void addTo(HttpSecurity http, LoginOutcome outcome);

    /** At the API, beside the session of a login. */
    default void addTo(HttpSecurity http, ApiRefusals refusals) {}
}
