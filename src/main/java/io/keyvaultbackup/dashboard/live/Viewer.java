package io.keyvaultbackup.dashboard.live;

import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One that looks at a run. A thread of its own sends what it is told, so that one that is slow to read keeps nobody waiting; one that does not read at all is
 * let go, and comes again.
 */
final class Viewer {

    /** How long a browser waits before it comes again. */
    private static final long COMES_AGAIN = 3_000;

    /** Then it is asked anew who it is. */
    private static final Duration COMES_AGAIN_AFTER = Duration.ofMinutes(5);

    private static final Duration BETWEEN_HEARTBEATS = Duration.ofSeconds(15);

    /** A backstop: who asks the job database lets viewers go before. */
    private static final long LONGEST = Duration.ofMinutes(10).toMillis();

    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private static final int ROOM = 16;
    private static final FeedEvent HEARTBEAT = new FeedEvent("", "");
    private static final FeedEvent END = new FeedEvent("", "end");

    private final SseEmitter emitter = new SseEmitter(LONGEST);
    private final BlockingQueue<FeedEvent> waiting = new ArrayBlockingQueue<>(ROOM);
    private final FeedForm form;
    private final @Nullable HttpSession session;
    private final Thread sending;
    private volatile boolean gone;
    private final Instant since;
    private Instant heartbeat;
    private boolean knows;

    /** @param session that it ends with; null if it was opened in none */
    Viewer(FeedForm form, @Nullable HttpSession session, Instant now) {
        this.form = form;
        this.session = session;
        this.since = now;
        this.heartbeat = now;
        this.sending = Thread.ofVirtual().name("run-feed").unstarted(this::send);
    }

    SseEmitter begin() {
        emitter.onCompletion(this::leave);
        emitter.onError(broken -> leave());
        emitter.onTimeout(this::end);
        sending.start();
        return emitter;
    }

    FeedForm form() {
        return form;
    }

    /** Whether it has been there for so long that its browser is to come again, or is to be told no more. */
    boolean isDue(Instant now) {
        return !now.isBefore(since.plus(COMES_AGAIN_AFTER)) || isLoggedOut();
    }

    /** Whether it was told how far the run is; from now on it was. */
    boolean knew() {
        boolean before = knows;
        knows = true;
        return before;
    }

    void tell(FeedEvent event) {
        if (!waiting.offer(event)) {
            end();
        }
    }

    /** So that it is noticed now and then if nobody is there any more, by either side. */
    void keepAlive(Instant now) {
        if (!now.isBefore(heartbeat.plus(BETWEEN_HEARTBEATS))) {
            heartbeat = now;
            tell(HEARTBEAT);
        }
    }

    /** What it was told before is still sent, if there is room for that. */
    void end() {
        while (!waiting.offer(END)) {
            waiting.poll();
        }
    }

    boolean isGone() {
        return gone;
    }

    /** Waits until all is sent, or this long. */
    void awaitTheEnd(Duration longest) throws InterruptedException {
        sending.join(longest);
    }

    /** Whether whoever opened it has logged out since, or was. */
    private boolean isLoggedOut() {
        try {
            return session != null && session.getCreationTime() < 0;
        } catch (IllegalStateException invalidated) {
            return true;
        }
    }

    private void leave() {
        gone = true;
        sending.interrupt();
    }

    private void send() {
        try {
            emitter.send(SseEmitter.event().reconnectTime(COMES_AGAIN));
            for (FeedEvent event = waiting.take(); !event.equals(END); event = waiting.take()) {
                emitter.send(
                        event.equals(HEARTBEAT)
                                ? SseEmitter.event().comment("")
                                : SseEmitter.event().name(event.name()).data(event.data(), TEXT));
            }
            gone = true;
            emitter.complete();
        } catch (IOException
                | IllegalStateException
                | InterruptedException left) { // the server ends what is left of it
            gone = true;
        }
    }
}
