package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.StopSignal;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Makes the verbs, giving each what it works with. */
final class Verbs implements CommandLine.IFactory {

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    Verbs(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        if (type == BackupVerb.class) {
            return type.cast(new BackupVerb(terminal, application, stops));
        }
        if (type == RetryVerb.class) {
            return type.cast(new RetryVerb(terminal, application, stops));
        }
        if (type == StopVerb.class) {
            return type.cast(new StopVerb(terminal, application));
        }
        if (type == RunsVerb.class) {
            return type.cast(new RunsVerb(terminal, application));
        }
        if (type == VerifyVerb.class) {
            return type.cast(new VerifyVerb(terminal, application, stops));
        }
        if (type == SnapshotsVerb.class) {
            return type.cast(new SnapshotsVerb(terminal, application));
        }
        if (type == PinVerb.class) {
            return type.cast(new PinVerb(terminal, application));
        }
        if (type == UnpinVerb.class) {
            return type.cast(new UnpinVerb(terminal, application));
        }
        if (type == TagVerb.class) {
            return type.cast(new TagVerb(terminal, application));
        }
        if (type == LsVerb.class) {
            return type.cast(new LsVerb(terminal, application));
        }
        if (type == FindVerb.class) {
            return type.cast(new FindVerb(terminal, application));
        }
        if (type == DiffVerb.class) {
            return type.cast(new DiffVerb(terminal, application));
        }
        if (type == ExportVerb.class) {
            return type.cast(new ExportVerb(terminal, application));
        }
        if (type == RestoreVerb.class) {
            return type.cast(new RestoreVerb(terminal, application, stops));
        }
        if (type == DrillVerb.class) {
            return type.cast(new DrillVerb(terminal, application, stops));
        }
        if (type == ForgetVerb.class) {
            return type.cast(new ForgetVerb(terminal, application, stops));
        }
        if (type == ProtectVerb.class) {
            return type.cast(new ProtectVerb(terminal, application));
        }
        if (type == ServeVerb.class) {
            return type.cast(new ServeVerb(terminal, application, stops));
        }
        if (type == DoctorVerb.class) {
            return type.cast(new DoctorVerb(terminal, application));
        }
        if (type == WorkerVerb.class) {
            return type.cast(new WorkerVerb(terminal, application, stops));
        }
        if (type == VersionVerb.class) {
            return type.cast(new VersionVerb(terminal));
        }
        if (type == CompletionVerb.class) {
            return type.cast(new CompletionVerb(terminal));
        }
        return CommandLine.defaultFactory().create(type);
    }
}
