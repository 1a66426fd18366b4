package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.SnapshotLabels;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Import({
    DiffReader.class,
    HistoryReader.class,
    ObjectReader.class,
    PlanReader.class,
    SearchReader.class,
    SnapshotReader.class
})
public class SnapshotsConfiguration {

    @Bean
    StoredCatalogue storedCatalogue(Catalogue catalogue, SnapshotLabels labels, InstantSource clock) {
        return new StoredCatalogue(catalogue, labels, clock);
    }
}
