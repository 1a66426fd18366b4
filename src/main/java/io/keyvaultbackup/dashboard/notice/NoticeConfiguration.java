package io.keyvaultbackup.dashboard.notice;

import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.ledger.ToldNotifications;
import io.keyvaultbackup.notification.Notifications;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
public class NoticeConfiguration {

    /** Nobody asks for it; it begins with the application. */
    @Bean(initMethod = "begin")
    @Lazy(false)
    AgeNotices ageNotices(FleetReader fleet, ObjectProvider<ToldNotifications> told, Notifications notifications) {
        return new AgeNotices(fleet, told::getObject, notifications);
    }
}
