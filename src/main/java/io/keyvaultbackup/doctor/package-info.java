/**
 * Examines what a backup needs before one is made: the identity, each vault (name, certificate, firewall, permissions, protection,
 * headroom of versions), the store and the job database. A vault is asked what a backup would ask, of one object of each kind, and the
 * bytes are let go; store and database examine themselves ({@code examination.Examination}). What is seen are findings; the command
 * line prints them.
 */
@NullMarked
package io.keyvaultbackup.doctor;

import org.jspecify.annotations.NullMarked;
