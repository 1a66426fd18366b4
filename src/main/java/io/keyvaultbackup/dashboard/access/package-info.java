/**
 * Who may see and do what: logins, tokens, roles, and what protects a session. Whatever is not allowed here is refused. A page asks its {@code Person} what they
 * may see and operate; what they may not see is not there for them.
 */
@NullMarked
package io.keyvaultbackup.dashboard.access;

import org.jspecify.annotations.NullMarked;
