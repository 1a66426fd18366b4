package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.store.BackupStore;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

class StoreReadsTest {

    @Test
    void aDefectOfOursIsNotToldAsAWrongConfiguration() {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            // given
            BackupStore store = (BackupStore) Proxy.newProxyInstance(
                    BackupStore.class.getClassLoader(), new Class<?>[] {BackupStore.class}, (proxy, method, given) -> {
                        throw new AssertionError(method);
                    });
            context.getBeanFactory().registerSingleton("store", store);
            context.refresh();

            // then
            assertThatThrownBy(() -> StoreReads.read(context.getBeanProvider(BackupStore.class), asked -> {
                        throw new IllegalStateException("of ours");
                    }))
                    .hasMessage("of ours");
        }
    }

    @Test
    void whatIsWrongWithAConnectionStringIsNotTold() {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            // given
            context.registerBean(
                    BackupStore.class,
                    () -> {
                        throw new IllegalArgumentException("AccountKey=secret");
                    },
                    definition -> definition.setLazyInit(true));
            context.refresh();

            // when
            Reading<String> reading =
                    StoreReads.read(context.getBeanProvider(BackupStore.class), BackupStore::location);

            // then
            assertThat(reading.gap())
                    .isEqualTo(new Reading.Missing<>(
                            "The store can not be used as it is configured.",
                            "'keyvault-backup doctor' says what is wrong with it."));
        }
    }
}
