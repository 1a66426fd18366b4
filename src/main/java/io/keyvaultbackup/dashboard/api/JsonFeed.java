package io.keyvaultbackup.dashboard.api;

import io.keyvaultbackup.dashboard.live.FeedEvent;
import io.keyvaultbackup.dashboard.live.FeedForm;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunNow;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Tells of a run in JSON: {@code progress} and {@code ended} have what the run's own address answers, {@code rates} the newest point. */
final class JsonFeed implements FeedForm {

    private final JsonMapper json;

    JsonFeed(JsonMapper json) {
        this.json = json;
    }

    @Override
    public FeedEvent progress(RunNow now) {
        return event("progress", RunAnswer.of(now));
    }

    @Override
    public FeedEvent rates(RunNow now) {
        return event(
                "rates",
                new RunDetailAnswers.Rate(now.points().stream()
                        .skip(Math.max(0, now.points().size() - 1))
                        .map(RunDetailAnswers.Point::of)
                        .toList()));
    }

    @Override
    public FeedEvent ended(RunNow now) {
        return event("ended", RunAnswer.of(now));
    }

    @Override
    public FeedEvent missing(Reading.Missing<?> why) {
        return event("missing", Map.of("reason", why.why(), "advice", why.advice()));
    }

    private FeedEvent event(String name, Object told) {
        return new FeedEvent(name, json.writeValueAsString(told));
    }
}
