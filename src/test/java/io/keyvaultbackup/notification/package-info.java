/** What people are told, by real webhooks and a real mail server. */
@NullMarked
package io.keyvaultbackup.notification;

import org.jspecify.annotations.NullMarked;
