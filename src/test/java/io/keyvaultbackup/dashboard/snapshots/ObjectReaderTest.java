package io.keyvaultbackup.dashboard.snapshots;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.snapshot.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ObjectReaderTest {

    @Test
    void aPageGoesOnBehindAnObjectThatIsGoneMeanwhile() {
        // given
        List<LedgerObject> objects = new ArrayList<>(Manifests.objects(new Random(1), 10));
        LedgerObject last = objects.remove(3);

        // when
        ObjectReader.PageOf page = new ObjectReader.PageOf(
                new ObjectFilter("", null, null, null), last.object().id(), 4);
        boolean _ = objects.stream().allMatch(page::wantsMoreThan);

        // then
        assertThat(page.page().objects()).isEqualTo(objects.subList(3, 7));
        assertThat(page.page().next()).isEqualTo(objects.get(6).object().id());
    }
}
