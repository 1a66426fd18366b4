package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.view.RunDetail;
import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there is of a run beside its numbers. Stateless. */
final class RunDetailAnswers {

    private RunDetailAnswers() {}

    /**
     * @param next where the next page begins; left out if there is none
     * @param objectsKept whether the job database has them; else they are in the manifest alone, and none is here
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Objects(
            List<ObjectAnswer> objects,
            @Nullable String next,
            @JsonProperty("objects_kept") boolean objectsKept) {}

    /** @param first some of them */
    record Group(FailureReason reason, long count, String advice, List<FailureAnswer> first) {

        static Group of(ObjectPages.FailureGroup group) {
            return new Group(
                    group.reason(),
                    group.count(),
                    group.reason().advice(),
                    group.first().stream().map(FailureAnswer::of).toList());
        }
    }

    record Failures(List<Group> failures) {}

    /**
     * @param process that was, or is, at it, where that is known: of the latest one, for a week
     * @param incidents what went wrong with it beside its objects
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Execution(
            int execution,
            RunStatus status,
            @JsonProperty("started_at") Instant startedAt,
            @JsonProperty("ended_at") @Nullable Instant endedAt,
            @Nullable String process,
            @Nullable String manifest,
            @JsonProperty("consistent_as_of") @Nullable Instant consistentAsOf,
            @JsonProperty("units_spent") long unitsSpent,
            long throttled,
            List<FailureAnswer> incidents) {

        private static Execution of(RunDetail run, RunRecord.Execution execution) {
            @Nullable NotedProgress noted = run.now().progress();
            return new Execution(
                    execution.number(),
                    execution.status(),
                    execution.startedAt(),
                    execution.endedAt(),
                    noted != null && noted.execution() == execution.number() ? noted.process() : null,
                    execution.manifest(),
                    execution.consistentAsOf(),
                    execution.unitsSpent(),
                    execution.throttles(),
                    run.incidents().getOrDefault(execution.number(), List.of()).stream()
                            .map(FailureAnswer::of)
                            .toList());
        }
    }

    /** @param selection kinds, and patterns of names, that the run is about */
    record Executions(Map<String, List<String>> selection, boolean full, List<Execution> executions) {

        static Executions of(RunDetail run) {
            var selection = run.record().request().selection();
            return new Executions(
                    Map.of(
                            "kinds",
                            selection.kinds().stream()
                                    .sorted()
                                    .map(kind -> kind.word())
                                    .toList(),
                            "include",
                            selection.include(),
                            "exclude",
                            selection.exclude()),
                    run.record().request().full(),
                    run.record().executions().stream()
                            .map(execution -> Execution.of(run, execution))
                            .toList());
        }
    }

    /** What an execution had done by a moment, since it began. */
    record Point(
            int execution,
            @JsonProperty("noted_at") Instant notedAt,
            long done,
            long failed,
            @JsonProperty("units_spent") long unitsSpent,
            long throttled) {

        static Point of(NotedProgress.Point point) {
            return new Point(
                    point.execution(), point.notedAt(), point.done(), point.failed(), point.spent(), point.throttles());
        }
    }

    record Rate(List<Point> points) {}
}
