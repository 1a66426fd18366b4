package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.vault.FailureReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {

    private static final long SEED = Long.getLong("manifest.seed", System.nanoTime() & 0xffff_ffffL);

    private final Random random = new Random(SEED);

    ManifestReaderTest() {
        System.out.println("ManifestReaderTest: -Dmanifest.seed=" + SEED);
    }

    private static List<LedgerObject> read(byte[] bytes) {
        List<LedgerObject> objects = new ArrayList<>();
        ManifestReader.read(new ByteArrayInputStream(bytes), head -> {}, objects::add);
        return objects;
    }

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsWhatWasWritten() {
        List<LedgerObject> objects = Manifests.objects(random, 300);
        byte[] bytes = Manifests.bytes(objects);

        List<ManifestHead> heads = new ArrayList<>();
        ManifestReader.read(new ByteArrayInputStream(bytes), heads::add, object -> {});

        assertThat(read(bytes))
                .usingRecursiveComparison()
                .ignoringFields("result.attempts")
                .isEqualTo(objects);
        assertThat(heads).hasSize(1);
        assertThat(heads.getFirst()).isEqualTo(ManifestReader.head(new ByteArrayInputStream(bytes)));
        assertThat(heads.getFirst().chain().number()).isEqualTo(2);
    }

    @Test
    void aContentTypeIsWrittenWhereThereIsOneAndNotMissedWhereThereIsNone() {
        List<LedgerObject> objects = Manifests.objects(random, 9);
        String written = new String(Manifests.bytes(objects), StandardCharsets.UTF_8);
        String contentType = "\"contentType\":\"text/plain; \\\"\u00e9\\\"\",";

        assertThat(written.lines().filter(line -> line.contains("contentType")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("\"kind\":\"secret\",\"name\":\"object-000001\"", contentType + "\"readAt\""));
        assertThat(read(text(written)))
                .extracting(object -> object.object().token().contentType())
                .containsExactly(null, "text/plain; \"\u00e9\"", null, null, null, null, null, null, null);
        assertThat(read(text(written.replace(contentType, ""))))
                .extracting(object -> object.object().token().contentType())
                .containsOnlyNulls();
    }

    @Test
    void theSameObjectsGiveTheSameBytes() {
        List<LedgerObject> objects = Manifests.objects(random, 50);

        assertThat(Manifests.bytes(objects)).isEqualTo(Manifests.bytes(List.copyOf(objects)));
    }

    @Test
    void whatIsCutOffAnywhereIsRefused() {
        byte[] whole = Manifests.bytes(Manifests.objects(random, 12));

        int end = new String(whole, StandardCharsets.UTF_8).stripTrailing().getBytes(StandardCharsets.UTF_8).length;
        for (int length = 0; length < end; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part))
                    .as("first %d bytes", length)
                    .isInstanceOf(UnreadableManifestException.class);
        }
    }

    @Test
    void garbageIsRefusedOrReadAndNeverAnythingElse() {
        byte[] whole = Manifests.bytes(Manifests.objects(random, 20));
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = damaged(whole);
            try {
                read(damaged);
            } catch (UnreadableManifestException told) {
                refused++;
                assertThat(told.failure().reason()).isEqualTo(FailureReason.MANIFEST_UNREADABLE);
                assertThat(told.failure().message())
                        .startsWith("the manifest can not be read: ")
                        .hasSizeLessThan(4_001);
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private byte[] damaged(byte[] whole) {
        byte[] damaged = whole.clone();
        switch (random.nextInt(4)) {
            case 0 -> damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                byte[] noise = new byte[1 + random.nextInt(60)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, damaged, random.nextInt(damaged.length - noise.length), noise.length);
            }
            case 2 -> {
                int from = random.nextInt(damaged.length / 2);
                int length = 1 + random.nextInt(200);
                System.arraycopy(damaged, from + length, damaged, from, damaged.length - from - length);
            }
            default -> {
                damaged = new byte[random.nextInt(400)];
                random.nextBytes(damaged);
            }
        }
        return damaged;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "{}",
                "{\"schemaVersion\":1}",
                "{\"schemaVersion\":1,\"objects\":[]}",
                "{\"objects\":[]}",
                "{\"schemaVersion\":\"one\",\"objects\":[]}",
                "<html>not here</html>"
            })
    void whatIsNoManifestIsRefused(String text) {
        assertThatThrownBy(() -> read(text(text))).isInstanceOf(UnreadableManifestException.class);
    }

    @Test
    void aNewerVersionIsRefusedByItsNumber() {
        String newer = new String(Manifests.bytes(List.of()), StandardCharsets.UTF_8)
                .replace("\"schemaVersion\":1", "\"schemaVersion\":2");

        assertThatThrownBy(() -> read(text(newer)))
                .hasMessageContaining("its schemaVersion is 2, of a newer version of this program than this one");
    }

    @Test
    void whatANewerWriterAddsIsPassedOver() {
        List<LedgerObject> objects = Manifests.objects(random, 10);
        String more = new String(Manifests.bytes(objects), StandardCharsets.UTF_8)
                .replace("\"execution\":1", "\"execution\":1,\"later\":{\"deep\":[1,{\"er\":null}]}")
                .replace("\"token\":{", "\"also\":[[]],\"token\":{\"later\":7,");

        assertThat(read(text(more)))
                .usingRecursiveComparison()
                .ignoringFields("result.attempts")
                .isEqualTo(objects);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"schemaVersion\":1,\"snapshot\":\"', a",
        "'{\"schemaVersion\":1,\"selection\":[', '0,'",
        "'{\"schemaVersion\":1,\"selection\":', '['",
        "'{', '\"a\":1,'",
        "'', ' '",
        "'{\"', a"
    })
    void whatIsHugeIsRefusedBeforeItIsInMemory(String start, String more) throws IOException {
        Endless input = new Endless(start, more);

        assertThatThrownBy(() -> ManifestReader.read(input, head -> {}, object -> {}))
                .isInstanceOf(UnreadableManifestException.class);
        assertThat(input.given).isLessThan(3L * MeteredInput.ALLOWANCE);
        input.close();
    }

    @Test
    void anObjectThatIsHugeIsRefusedBeforeItIsInMemory() throws IOException {
        String manifest = new String(Manifests.bytes(List.of()), StandardCharsets.UTF_8);
        Endless input = new Endless(
                manifest.substring(0, manifest.lastIndexOf("]}")) + "{\"kind\":\"secret\",\"versions\":[", "{},");

        assertThatThrownBy(() -> ManifestReader.read(input, head -> {}, object -> {}))
                .hasMessageContaining("longer than 1 MiB");
        assertThat(input.given).isLessThan(3L * MeteredInput.ALLOWANCE);
        input.close();
    }

    /** A start, and then the same again and again, as long as somebody reads. */
    private static final class Endless extends InputStream {

        private final byte[] start;
        private final byte[] more;
        private long given;

        Endless(String start, String more) {
            this.start = text(start);
            this.more = text(more);
        }

        @Override
        public int read() {
            int next = given < start.length ? start[(int) given] : more[(int) ((given - start.length) % more.length)];
            given++;
            return next & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            for (int index = 0; index < length; index++) {
                bytes[offset + index] = (byte) read();
            }
            return length;
        }
    }
}
