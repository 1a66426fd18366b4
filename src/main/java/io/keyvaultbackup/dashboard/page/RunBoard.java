package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.ObjectCursor;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunDetail;
import io.keyvaultbackup.dashboard.view.RunDetailReader;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run's template shows.
 *
 * @param live how far it is; null if it is not at work
 * @param selection which objects it is about
 * @param letGo where its objects are, as the job database has let them go; empty if it has them
 * @param failures null where the job database does not tell
 * @param objects null where the job database does not tell, or has let them go
 */
public record RunBoard(
        RunLine line,
        Moment startedAt,
        @Nullable Moment endedAt,
        @Nullable Moment consistentAsOf,
        @Nullable String manifest,
        String snapshotLink,
        String bytes,
        String requests,
        @Nullable String selection,
        List<Notice> notices,
        @Nullable RunLive live,
        @Nullable RunRates rates,
        List<VaultBoard.Kind> kinds,
        @Nullable List<Group> failures,
        List<Execution> executions,
        ObjectChoice choice,
        List<Option> kindOptions,
        List<Option> outcomeOptions,
        List<Notice> letGo,
        @Nullable List<ObjectLine> objects,
        @Nullable String next,
        @Nullable String first) {

    /** What failed for one reason; {@code more} leads to all of the objects. */
    public record Group(String reason, String words, String count, String advice, List<Failed> first, String more) {}

    public record Failed(
            String subject,
            @Nullable String attempts,
            String words,
            @Nullable String code,
            @Nullable String requestId) {

        static Failed of(String subject, @Nullable Integer attempts, Failure failure) {
            return new Failed(
                    subject,
                    attempts == null ? null : Words.of(attempts),
                    failure.message(),
                    code(failure),
                    failure.requestId());
        }

        static @Nullable String code(Failure failure) {
            String text = (failure.status() == 0 ? "" : failure.status() + " ")
                    + (failure.code() == null ? "" : failure.code());
            return text.isBlank() ? null : text.strip();
        }
    }

    public record Execution(
            int number,
            String key,
            Moment startedAt,
            @Nullable Moment endedAt,
            @Nullable String took,
            String requests,
            String throttles,
            @Nullable String process,
            @Nullable String manifest,
            List<Failed> incidents) {}

    public record ObjectLine(
            String name,
            String outcome,
            boolean failed,
            String attempts,
            String execution,
            @Nullable String versions,
            @Nullable String size,
            @Nullable Failed failure,
            @Nullable String reason) {}

    public record Option(String key, String words) {}

    /** @param choice which of its objects are shown, and whether from the first on */
    static RunBoard of(
            RunSummary run,
            Reading<RunDetail> detail,
            Reading<RunDetailReader.Page> page,
            ObjectChoice choice,
            boolean first) {
        RunLine line = RunLine.of(run);
        @Nullable RunDetail told = detail.told().orElse(null);
        RunDetailReader.@Nullable Page objects = run.objectsKept() ? page.told().orElse(null) : null;
        return new RunBoard(
                line,
                Moment.of(run.startedAt()),
                Moment.orNull(run.endedAt()),
                Moment.orNull(run.consistentAsOf()),
                run.manifest(),
                Links.snapshot(run.vault(), run.snapshot()),
                Words.bytes(run.bytes()),
                Words.of(run.unitsSpent()),
                told == null ? null : selection(told.record()),
                Notice.of(detail.gap() == null ? page : detail, "What there is of this run is not all shown."),
                told != null && told.now().isRunning() ? RunLive.of(told.now()) : null,
                told == null ? null : RunRates.of(told.now()),
                VaultBoard.kinds(run.objects()),
                told == null ? null : groups(told, line.link()),
                told == null ? List.of() : executions(told),
                choice,
                options(Stream.of(ObjectKind.values()), ObjectKind::word),
                options(Stream.of(Outcome.values()), Outcome::words),
                run.objectsKept() ? List.of() : List.of(rowsLetGo()),
                objects == null
                        ? null
                        : objects.objects().stream().map(RunBoard::object).toList(),
                objects == null || objects.next() == null
                        ? null
                        : choice.link(line.link(), ObjectCursor.write(objects.next())),
                first ? null : choice.link(line.link(), null));
    }

    private static <E extends Enum<E>> List<Option> options(
            Stream<E> all, java.util.function.Function<E, String> words) {
        return all.map(one -> new Option(one.name().toLowerCase(Locale.ROOT), words.apply(one)))
                .toList();
    }

    private static String selection(RunRecord record) {
        return Words.of(record.request().selection()) + (record.request().full() ? "; each copied anew" : "");
    }

    private static List<Group> groups(RunDetail run, String link) {
        return run.failures().stream()
                .map(group -> new Group(
                        group.reason().name(),
                        group.reason().words(),
                        Words.of(group.count()),
                        group.reason().advice(),
                        group.first().stream().map(RunBoard::failed).toList(),
                        ObjectChoice.of(null, null, null, group.reason().name()).link(link, null)))
                .toList();
    }

    private static Failed failed(ObjectPages.Failed failed) {
        return Failed.of(failed.subject(), failed.attempts(), failed.failure());
    }

    private static Failed failed(Incident incident) {
        return Failed.of(incident.subject(), null, incident.failure());
    }

    /** The newest first. */
    private static List<Execution> executions(RunDetail run) {
        return run.record().executions().reversed().stream()
                .map(execution -> new Execution(
                        execution.number(),
                        Words.of(execution.status()),
                        Moment.of(execution.startedAt()),
                        Moment.orNull(execution.endedAt()),
                        execution.endedAt() == null
                                ? null
                                : Words.of(Duration.between(execution.startedAt(), execution.endedAt())),
                        Words.of(execution.unitsSpent()),
                        Words.of(execution.throttles()),
                        run.now().progress() != null && run.now().progress().execution() == execution.number()
                                ? run.now().progress().process()
                                : null,
                        execution.manifest(),
                        run.incidents().getOrDefault(execution.number(), List.of()).stream()
                                .map(RunBoard::failed)
                                .toList()))
                .toList();
    }

    private static Notice rowsLetGo() {
        return new Notice(
                "note",
                "The job database has let the objects of this run go: it keeps those of a vault's newest complete runs.",
                "They are on the page of its snapshot, unless that was forgotten."
                        + " (keyvault-backup.ledger.keep-objects keeps more of them.)");
    }

    private static ObjectLine object(LedgerObject row) {
        @Nullable Failure failure = row.result().failure();
        String name = row.object().id().toString();
        return new ObjectLine(
                name,
                row.result().outcome().words(),
                row.result().outcome() == Outcome.FAILED,
                Words.of(row.result().attempts()),
                String.valueOf(row.execution()),
                row.result().versions() == null
                        ? null
                        : Words.of(row.result().versions().size()),
                row.result().blob() == null
                        ? null
                        : Words.bytes(row.result().blob().size()),
                failure == null ? null : Failed.of(name, row.result().attempts(), failure),
                failure == null ? null : failure.reason().words());
    }
}
