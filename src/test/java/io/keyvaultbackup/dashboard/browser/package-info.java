/**
 * The dashboard in a real Chromium: a test serves a {@link TeamFleet} or what it makes itself, drives it as people do, and after each test everything that the
 * browser complained of, and every request that left the dashboard, fails it. What pages look like is in {@code target/screenshots}.
 */
@NullMarked
package io.keyvaultbackup.dashboard.browser;

import org.jspecify.annotations.NullMarked;
