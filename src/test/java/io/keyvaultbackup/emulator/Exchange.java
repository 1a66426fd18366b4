package io.keyvaultbackup.emulator;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** One request on its way through the vault: let in or not, delayed, worked on, answered. No thread waits for a delay. */
final class Exchange {

    private static final byte[] NO_BODY = new byte[0];

    private final EmulatedVault vault;
    private final ApiRequest api;
    private final Request request;
    private final Response response;
    private final Callback callback;

    Exchange(EmulatedVault vault, Request request, Response response, Callback callback) {
        this.vault = vault;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.api = Router.route(
                request.getMethod(),
                request.getHttpURI().getCanonicalPath(),
                request.getHttpURI().getQuery());
    }

    void begin() {
        Answer refusal = vault.gate().refusal(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        if (refusal != null) {
            vault.requests().challenged();
            write(refusal);
            return;
        }
        vault.requests().arrived();
        FaultPlan plan = vault.faults().planFor(api);
        if (!plan.isThrottling()) {
            double cost = Weights.of(api, vault.store());
            if (!vault.limit().tryTake(cost)) {
                send(vault.gate().throttled(), FaultPlan.NONE);
                return;
            }
            vault.requests().granted(cost);
        }
        if (request.getLength() == 0 || request.getMethod().equals("GET")) {
            pause(plan, NO_BODY);
        } else {
            read(plan);
        }
    }

    private void read(FaultPlan plan) {
        Content.Source.asByteBuffer(request, new Promise<>() {
            @Override
            public void succeeded(ByteBuffer body) {
                byte[] bytes = new byte[body.remaining()];
                body.get(bytes);
                pause(plan, bytes);
            }

            @Override
            public void failed(Throwable cause) {
                vault.requests().answered(api, 0);
                callback.failed(cause);
            }
        });
    }

    private void pause(FaultPlan plan, byte[] body) {
        later(plan.delay().plus(vault.latencyOf(api)), () -> work(plan, body));
    }

    private void work(FaultPlan plan, byte[] body) {
        plan.before().forEach(Runnable::run);
        Answer answer = switch (plan.outcome()) {
            case Outcome.Instead instead -> instead.answer();
            case Outcome.Reset() -> Answer.empty(0);
            case Outcome.Usual() -> vault.api().perform(api, body);
            case Outcome.LostAnswer() -> vault.api().perform(api, body);
            case Outcome.Truncated() -> vault.api().perform(api, body);
        };
        plan.after().forEach(Runnable::run);
        later(plan.answerDelay(), () -> send(answer, plan));
    }

    private void later(Duration delay, Runnable next) {
        if (delay.isZero()) {
            next.run();
            return;
        }
        var server = request.getConnectionMetaData().getConnector().getServer();
        server.getScheduler()
                .schedule(() -> server.getThreadPool().execute(() -> run(next)), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A hook that throws is a test's mistake: the client must not wait for an answer for ever. */
    private void run(Runnable next) {
        try {
            next.run();
        } catch (RuntimeException | Error mistake) {
            callback.failed(mistake);
        }
    }

    private void send(Answer answer, FaultPlan plan) {
        switch (plan.outcome()) {
            case Outcome.Reset(), Outcome.LostAnswer() -> {
                vault.requests().answered(api, 0);
                Wire.reset(request);
                callback.failed(new EOFException("reset by a fault"));
            }
            case Outcome.Truncated() -> {
                vault.requests().answered(api, answer.status());
                writeHalf(answer);
            }
            default -> {
                vault.requests().answered(api, answer.status());
                write(answer);
            }
        }
    }

    private void write(Answer answer) {
        writeHead(answer);
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    private void writeHalf(Answer answer) {
        writeHead(answer);
        Callback cut = Callback.from(() -> {
            Wire.close(request);
            callback.failed(new EOFException("cut by a fault"));
        });
        response.write(false, ByteBuffer.wrap(answer.body(), 0, answer.body().length / 2), cut);
    }

    private void writeHead(Answer answer) {
        response.setStatus(answer.status());
        var headers = response.getHeaders();
        Gate.fixedHeaders().forEach(headers::add);
        vault.gate().usualHeaders().forEach(headers::add);
        answer.headers().forEach(headers::put);
        headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    }
}
