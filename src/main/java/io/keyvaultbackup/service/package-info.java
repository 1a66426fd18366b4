/**
 * Where the command line and the dashboard meet: what {@code serve} starts and ends ({@link io.keyvaultbackup.service.ServedDashboard}). Values and ports
 * only.
 */
@NullMarked
package io.keyvaultbackup.service;

import org.jspecify.annotations.NullMarked;
