package io.keyvaultbackup.emulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong with the requests that match. It begins with its first action ({@code answer}, {@code delay}, …), so
 * {@link #times} and {@link #skip} come before that; without them it lasts until it is {@link #cancel}led.
 */
public final class Fault {

    private final Faults faults;
    private final @Nullable Operation operation;
    private final @Nullable Kind kind;
    private final @Nullable String name;
    private final AtomicInteger toSkip = new AtomicInteger();
    private final AtomicInteger remaining = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicLong hits = new AtomicLong();
    private final List<Runnable> before = new ArrayList<>();
    private final List<Runnable> after = new ArrayList<>();
    private @Nullable Outcome outcome;
    private Duration delay = Duration.ZERO;
    private Duration answerDelay = Duration.ZERO;

    Fault(Faults faults, @Nullable Operation operation, @Nullable Kind kind, @Nullable String name) {
        this.faults = faults;
        this.operation = operation;
        this.kind = kind;
        this.name = name;
    }

    /** The next so many matching requests only. */
    public Fault times(int number) {
        remaining.set(number);
        return this;
    }

    /** Every matching request; so it is unless said otherwise. */
    public Fault always() {
        remaining.set(Integer.MAX_VALUE);
        return this;
    }

    /** Lets the first so many matching requests pass. */
    public Fault skip(int number) {
        toSkip.set(number);
        return this;
    }

    /** Answers with a status and a body as the service has for such. */
    public Fault answer(int status) {
        return answer(status, codeOf(status), null, "The request was answered with " + status + " by a fault.");
    }

    public Fault answer(int status, String code, @Nullable String innerCode, String message) {
        return instead(new ServiceError(status, code, innerCode, message).answer());
    }

    /** Answers 301, as a gateway or a sign-in page in front of the service might; does no work. */
    public Fault redirect(String location) {
        return instead(Answer.empty(301).withHeader("Location", location));
    }

    /** Answers 429; null: without {@code Retry-After}. */
    public Fault throttle(@Nullable Duration retryAfter) {
        Answer answer = ServiceError.throttled().answer();
        return instead(retryAfter == null ? answer : answer.withHeader("Retry-After", "" + retryAfter.toSeconds()));
    }

    /** Answers 403 with one of the service's reasons: ForbiddenByRbac, AccessDenied, ForbiddenByFirewall. */
    public Fault forbid(String innerCode) {
        return answer(403, "Forbidden", innerCode, Refusals.messageOf(innerCode));
    }

    /** The work waits so long before it begins. */
    public Fault delay(Duration duration) {
        delay = duration;
        return active();
    }

    /** The answer waits so long after the work was done. */
    public Fault delayAnswer(Duration duration) {
        answerDelay = duration;
        return active();
    }

    /** Resets the connection (TCP RST), and does no work. */
    public Fault reset() {
        return ending(new Outcome.Reset());
    }

    /** Announces the whole body, sends half of it, and closes the connection. */
    public Fault truncate() {
        return ending(new Outcome.Truncated());
    }

    /** Answers 200 with a page of HTML, as a proxy might; does no work. */
    public Fault garbage() {
        byte[] page = "<html><body><h1>Welcome</h1></body></html>".getBytes(StandardCharsets.UTF_8);
        return instead(new Answer(200, Map.of("Content-Type", "text/html"), page));
    }

    /** Answers 200 with JSON that has nothing of what was asked for; does no work. */
    public Fault wrongJson() {
        return instead(Answer.json(200, Map.of("unexpected", true)));
    }

    /** Does the work, and resets the connection instead of answering. */
    public Fault loseAnswer() {
        return ending(new Outcome.LostAnswer());
    }

    /** Runs before the work; it may block. */
    public Fault before(Runnable hook) {
        before.add(hook);
        return active();
    }

    /** Runs after the work and before the answer is sent; it may block. */
    public Fault after(Runnable hook) {
        after.add(hook);
        return active();
    }

    /** How many requests it has met. */
    public long hits() {
        return hits.get();
    }

    public void cancel() {
        faults.remove(this);
    }

    boolean matches(ApiRequest request) {
        return (operation == null || operation == request.operation())
                && (kind == null || kind == request.kind())
                && (name == null || name.equalsIgnoreCase(request.name()));
    }

    /** Claims one of the remaining times. */
    boolean take() {
        if (toSkip.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return false;
        }
        boolean taken = remaining.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : Math.max(0, left - 1)) > 0;
        if (taken) {
            hits.incrementAndGet();
        }
        return taken;
    }

    @Nullable
    Outcome outcome() {
        return outcome;
    }

    FaultPlan addTo(FaultPlan plan) {
        return plan.and(outcome, delay, answerDelay, before, after);
    }

    private Fault instead(Answer answer) {
        return ending(new Outcome.Instead(answer));
    }

    private Fault ending(Outcome ending) {
        outcome = ending;
        return active();
    }

    private Fault active() {
        faults.add(this);
        return this;
    }

    private static String codeOf(int status) {
        return switch (status) {
            case 400 -> "BadParameter";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 409 -> "Conflict";
            case 429 -> "Throttled";
            case 503 -> "ServiceUnavailable";
            case 504 -> "GatewayTimeout";
            default -> status >= 500 ? "InternalServerError" : "BadRequest";
        };
    }
}
