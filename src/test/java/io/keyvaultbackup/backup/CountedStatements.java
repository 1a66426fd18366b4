package io.keyvaultbackup.backup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** How often the program has the job database do something, as a test configuration: a batch is once. What is done every few seconds is not counted, as it says how busy the machine is. */
@TestConfiguration(proxyBeanMethods = false)
public class CountedStatements {

    private static final List<String> BY_TIME = List.of("ledger_progress", "ledger_rate", "set heard_at");

    private static final AtomicLong EXECUTED = new AtomicLong();

    /** In this JVM so far. */
    static long executed() {
        return EXECUTED.get();
    }

    @Bean
    static BeanPostProcessor statementCounter() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof DataSource database ? new Counted(database) : bean;
            }
        };
    }

    private static final class Counted extends DelegatingDataSource {

        Counted(DataSource database) {
            super(database);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return (Connection) counted(Connection.class, super.getConnection(), "");
        }

        /** @param prepared what a statement does, if that is known before it is executed */
        private static Object counted(Class<?> type, Object real, String prepared) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                String sql = arguments != null && arguments.length > 0 && arguments[0] instanceof String text
                        ? text
                        : prepared;
                if (method.getName().startsWith("execute")
                        && BY_TIME.stream().noneMatch(sql.toLowerCase(Locale.ROOT)::contains)) {
                    EXECUTED.incrementAndGet();
                }
                try {
                    Object answer = method.invoke(real, arguments);
                    return answer instanceof Statement ? counted(method.getReturnType(), answer, sql) : answer;
                } catch (InvocationTargetException failed) {
                    throw failed.getCause();
                }
            });
        }
    }
}
