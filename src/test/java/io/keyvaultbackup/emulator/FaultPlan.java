package io.keyvaultbackup.emulator;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that is to happen to one request. */
record FaultPlan(Outcome outcome, Duration delay, Duration answerDelay, List<Runnable> before, List<Runnable> after) {

    static final FaultPlan NONE =
            new FaultPlan(new Outcome.Usual(), Duration.ZERO, Duration.ZERO, List.of(), List.of());

    FaultPlan and(
            @Nullable Outcome ending,
            Duration moreDelay,
            Duration moreAnswerDelay,
            List<Runnable> moreBefore,
            List<Runnable> moreAfter) {
        return new FaultPlan(
                ending == null ? outcome : ending,
                delay.plus(moreDelay),
                answerDelay.plus(moreAnswerDelay),
                Stream.concat(before.stream(), moreBefore.stream()).toList(),
                Stream.concat(after.stream(), moreAfter.stream()).toList());
    }

    boolean isUsual() {
        return outcome instanceof Outcome.Usual;
    }

    boolean isThrottling() {
        return outcome instanceof Outcome.Instead instead && instead.answer().status() == 429;
    }
}
