package io.keyvaultbackup.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunNow;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpSession;

/** When those who look at a run are let go, whether or not the job database answers. */
class RunFeedTest {

    private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final RunFeed feed = new RunFeed(new SnapshotId("20261124T030000Z-0a1b2c"));
    private final MockHttpSession session = new MockHttpSession();
    private final Viewer viewer = new Viewer(new NothingTold(), session, START);

    private static final class NothingTold implements FeedForm {

        @Override
        public FeedEvent progress(RunNow now) {
            throw new AssertionError(now);
        }

        @Override
        public FeedEvent rates(RunNow now) {
            throw new AssertionError(now);
        }

        @Override
        public FeedEvent ended(RunNow now) {
            throw new AssertionError(now);
        }

        @Override
        public FeedEvent missing(Reading.Missing<?> why) {
            throw new AssertionError(why);
        }
    }

    @Test
    void aViewerIsLetGoAfterFiveMinutesByTheClock() throws InterruptedException {
        // given
        feed.add(viewer);
        viewer.begin();

        // when
        feed.tend(START.plusSeconds(299));

        // then
        assertThat(viewer.isDue(START.plusSeconds(299))).isFalse();

        // and when
        feed.tend(START.plusSeconds(300));
        viewer.awaitTheEnd(LONGEST);

        // then
        assertThat(viewer.isGone()).isTrue();
        feed.tend(START.plusSeconds(301));
        assertThat(feed.size()).isZero();
    }

    @Test
    void aLogoutEndsAViewerBeforeAnybodyIsAsked() throws InterruptedException {
        // given
        feed.add(viewer);
        viewer.begin();

        // when
        session.invalidate();
        feed.tend(START.plusSeconds(1));
        viewer.awaitTheEnd(LONGEST);

        // then
        assertThat(viewer.isGone()).isTrue();
    }
}
