package io.keyvaultbackup.cli;

import org.springframework.boot.WebApplicationType;
import org.springframework.core.annotation.Order;

/** Answers before Spring Boot's own, which load classes of the web to see whether they are there: it is {@link Application} that knows. */
@Order(0)
final class NoWebUnlessServed implements WebApplicationType.Deducer {

    @Override
    public WebApplicationType deduceWebApplicationType() {
        return WebApplicationType.NONE;
    }
}
