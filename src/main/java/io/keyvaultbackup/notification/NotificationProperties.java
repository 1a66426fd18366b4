package io.keyvaultbackup.notification;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whom to tell, and of what; nobody where nothing is given. {@link #toString()} tells no secret. Immutable.
 *
 * @param repeatAfter after how long a trouble that goes on is told again; 0 for never
 * @param webhooks services that are called by HTTP
 * @param mail a mail server, and to whom it is to send
 */
@ConfigurationProperties(NotificationProperties.PREFIX)
record NotificationProperties(
        @DefaultValue("20h") Duration repeatAfter,
        @DefaultValue List<WebhookProperties> webhooks,
        @DefaultValue @NestedConfigurationProperty MailProperties mail) {

    static final String PREFIX = "keyvault-backup.notifications";

    NotificationProperties {
        webhooks = List.copyOf(webhooks);
    }

    /** Null for never. */
    @Nullable
    Duration again() {
        return repeatAfter.isZero() ? null : repeatAfter;
    }

    boolean tellNobody() {
        return webhooks.isEmpty() && !mail.isGiven();
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (repeatAfter.isNegative()) {
            problems.add(PREFIX + ".repeat-after: " + repeatAfter + " is no time, such as 24h; 0 for never");
        }
        Set<String> names = new HashSet<>();
        for (int index = 0; index < webhooks.size(); index++) {
            WebhookProperties webhook = webhooks.get(index);
            String where = PREFIX + ".webhooks[" + index + "]";
            webhook.problems(where).forEach(problems::add);
            if (!names.add(webhook.name())) {
                problems.add(where + ".name: there is another one of this name; logs and metrics tell them by it");
            }
        }
        problems.addAll(mail.problems(PREFIX + ".mail"));
        return problems;
    }
}
