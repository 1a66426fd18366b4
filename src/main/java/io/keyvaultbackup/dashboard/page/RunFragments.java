package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.live.FeedEvent;
import io.keyvaultbackup.dashboard.live.FeedForm;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunNow;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Tells of a run in pieces of its page, which are put in place of those that are there. */
final class RunFragments implements FeedForm {

    private static final String TEMPLATE = "run-live";

    private final ITemplateEngine templates;

    RunFragments(ITemplateEngine templates) {
        this.templates = templates;
    }

    @Override
    public FeedEvent progress(RunNow now) {
        return progress(RunLive.of(now));
    }

    @Override
    public FeedEvent rates(RunNow now) {
        return new FeedEvent("rates", render("rates", RunRates.of(now)));
    }

    @Override
    public FeedEvent ended(RunNow now) {
        return new FeedEvent("ended", Words.of(now.run().status()));
    }

    @Override
    public FeedEvent missing(Reading.Missing<?> why) {
        return progress(RunLive.missing(why.why(), why.advice()));
    }

    private FeedEvent progress(RunLive live) {
        return new FeedEvent("progress", render("live", live));
    }

    /** Outside of any request, so that the fragments may not ask for one. */
    private String render(String fragment, Object value) {
        return templates
                .process(TEMPLATE, Set.of(fragment), new Context(Locale.ROOT, Map.of(fragment, value)))
                .replaceAll("\\s*\\R\\s*", " ")
                .strip();
    }
}
