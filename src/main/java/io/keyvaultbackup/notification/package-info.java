/**
 * Tells people how vaults fare: by webhook (Slack, Teams, plain JSON) and by e-mail.
 *
 * <p>Whoever ends a run, an examination or a drill, and {@code serve} that looks how old the copies are, gives {@link io.keyvaultbackup.notification.News} to
 * {@link io.keyvaultbackup.notification.Notifications}. In the background the job database says whether that is news
 * ({@link io.keyvaultbackup.ledger.ToldNotifications}: one state for each vault and topic), and each way has a thread that words it and sends it, within
 * bounds. Nothing that fails here changes how a job ends: it is told, counted, and told again by whoever meets the same trouble next.
 */
@NullMarked
package io.keyvaultbackup.notification;

import org.jspecify.annotations.NullMarked;
