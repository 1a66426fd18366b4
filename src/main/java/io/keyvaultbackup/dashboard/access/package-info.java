/** Who may see and do what: logins, tokens, roles, and what protects a session. Whatever is not allowed here is refused. */
@NullMarked
package io.keyvaultbackup.dashboard.access;

import org.jspecify.annotations.NullMarked;
