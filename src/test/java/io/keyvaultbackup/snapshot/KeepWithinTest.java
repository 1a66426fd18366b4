package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepWithinTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void isReadAsResticWritesIt() {
        assertThat(KeepWithin.parse("2y5m7d3h")).isEqualTo(new KeepWithin(2, 5, 7, 3));
        assertThat(KeepWithin.parse("30d")).isEqualTo(new KeepWithin(0, 0, 30, 0));
        assertThat(KeepWithin.parse(" 3h2d ")).hasToString("2d3h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0d", "0y0h", "30", "d", "30w", "-3d", "1d1d", "3 d", "1.5d", "100000d", "30D", "P30D"})
    void nothingElseIsALengthOfTime(String text) {
        assertThatThrownBy(() -> KeepWithin.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is no length of time")
                .hasMessageContaining("30d");
    }

    @ParameterizedTest
    @CsvSource({
        "1y,  2028-02-29T03:00:00Z, 2027-02-28T03:00:00Z",
        "4y,  2028-02-29T03:00:00Z, 2024-02-29T03:00:00Z",
        "1m,  2026-03-31T03:00:00Z, 2026-02-28T03:00:00Z",
        "1m1d,2026-03-31T03:00:00Z, 2026-02-27T03:00:00Z",
        "30d, 2026-11-24T03:00:00Z, 2026-10-25T03:00:00Z",
        "1d5h,2026-11-24T03:00:00Z, 2026-11-22T22:00:00Z",
        "99999y,2026-11-24T03:00:00Z,-97973-11-24T03:00:00Z",
    })
    void looksBackByTheCalendar(String within, Instant end, Instant start) {
        assertThat(KeepWithin.parse(within).before(end, ZoneOffset.UTC)).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource({
        // a day that has 25 hours, then one that has 23
        "1d, 2026-10-26T02:00:00Z, 2026-10-25T02:00:00Z",
        "1d, 2026-10-25T12:00:00Z, 2026-10-24T11:00:00Z",
        "1d, 2026-03-29T12:00:00Z, 2026-03-28T13:00:00Z",
        // 02:30 is there twice on 25 October: the first
        "1d, 2026-10-26T01:30:00Z, 2026-10-25T00:30:00Z",
        // 02:30 is not there on 29 March: when the clock was put forward
        "1d, 2026-03-30T00:30:00Z, 2026-03-29T01:00:00Z",
        // hours are hours
        "24h,2026-10-25T12:00:00Z, 2026-10-24T12:00:00Z",
    })
    void looksBackByTheZonesClock(String within, Instant end, Instant start) {
        assertThat(KeepWithin.parse(within).before(end, BERLIN)).isEqualTo(start);
    }

    @Test
    void aDayThatAZoneLeftOutIsTheMomentOfTheChange() {
        // given Samoa, which had no 30 December in 2011
        ZoneId apia = ZoneId.of("Pacific/Apia");

        // when
        Instant start = KeepWithin.parse("1d").before(Instant.parse("2011-12-30T22:00:00Z"), apia); // the 31st, noon

        // then
        assertThat(start).isEqualTo("2011-12-30T10:00:00Z");
    }
}
