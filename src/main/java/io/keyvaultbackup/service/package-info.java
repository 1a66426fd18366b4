/**
 * Where the command line and the dashboard meet: what {@code serve} starts and ends ({@link io.keyvaultbackup.service.ServedDashboard}), and what an operator asks
 * for ({@link io.keyvaultbackup.service.Request}): the dashboard asks, and has no right at any vault; whoever has the right does it, by the verbs that a person would
 * use. Values and ports only.
 */
@NullMarked
package io.keyvaultbackup.service;

import org.jspecify.annotations.NullMarked;
