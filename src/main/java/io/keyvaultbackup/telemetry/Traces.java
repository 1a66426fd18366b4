package io.keyvaultbackup.telemetry;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Tells of what a piece of work is: by spans where traces are configured, and in any case by the {@linkplain LogFields fields} of the log lines that are
 * written meanwhile by this thread, and by those that take both over from it. Names of objects are in spans only if that is asked for. Never fails, and never
 * changes what the work gives or throws. Safe for use by many threads.
 */
public final class Traces {

    /** What only traces have; no meter is made of it. */
    static final String PREFIX = "keyvault.trace.";

    /** Under which an observation's context has the id of its trace, if it is traced. */
    static final String TRACE = PREFIX + "id";

    private static final String OBJECT = PREFIX + "object";

    private final ObservationRegistry registry;
    private final TracingProperties properties;

    Traces(ObservationRegistry registry, TracingProperties properties) {
        this.registry = registry;
        this.properties = properties;
    }

    /**
     * One execution of a job about a vault, a trace of its own.
     *
     * @param what the verb
     * @param vault its host, as in the tag of meters
     * @param id of the run, or whatever it is
     * @param work is handed what tells more of it
     */
    public <T> T execution(String what, String vault, String id, Function<Execution, T> work) {
        Observation root = observation("execution", what, 1)
                .lowCardinalityKeyValue(OfVault.VAULT, vault)
                .highCardinalityKeyValue("run", id);
        root.start();
        String trace = root.getContext().get(TRACE);
        try (var _ = MDC.putCloseable(LogFields.VAULT, vault);
                var _ = MDC.putCloseable(LogFields.RUN, id);
                var _ = MDC.putCloseable(LogFields.CORRELATION, trace == null ? id : trace);
                var _ = root.openScope()) {
            return work.apply(new Execution(root));
        } catch (RuntimeException | Error failed) {
            root.error(failed);
            throw failed;
        } finally {
            root.stop();
        }
    }

    /** An execution under way. */
    public record Execution(Observation root) {

        /** Something more that is known of it; a name of ours, such as status. */
        public void is(String name, Object value) {
            root.highCardinalityKeyValue(name, word(value));
        }

        /** How it ended, in the result's own word, which is also why it failed if it did not all that it was to do. */
        public void ended(Enum<?> status, boolean complete) {
            is("status", status);
            if (!complete) {
                root.error(new TracedFailure(status));
            }
        }
    }

    /** Which try at the run this execution is, where it is known: for log lines that have no trace. In the thread that began it. */
    public void number(String id, int execution) {
        if (id.equals(MDC.get(LogFields.CORRELATION))) {
            MDC.put(LogFields.CORRELATION, id + "." + execution);
        }
    }

    /** The listing of one page. */
    public <T> Page<T> page(ObjectKind kind, int number, Supplier<Page<T>> listing) {
        Observation page = observation("page", "list " + kind.word() + "s page", properties.pages())
                .lowCardinalityKeyValue("kind", kind.word())
                .highCardinalityKeyValue("page", Integer.toString(number));
        return of(
                kind,
                () -> page.observe(() -> {
                    Page<T> listed = listing.get();
                    page.highCardinalityKeyValue(
                            "objects", Integer.toString(listed.items().size()));
                    return listed;
                }));
    }

    /**
     * What is done about one object.
     *
     * @param what the verb
     * @param failure of what came of it, null if there is none
     */
    public <T> T object(String what, ObjectId id, Supplier<T> work, Function<T, @Nullable Failure> failure) {
        Observation object = observation("object", what + " " + id.kind().word(), properties.objects())
                .lowCardinalityKeyValue("kind", id.kind().word());
        if (properties.objectNames()) {
            object.highCardinalityKeyValue("object", id.name());
        }
        return of(
                id.kind(),
                () -> object.observe(() -> {
                    T became = work.get();
                    Failure failed = failure.apply(became);
                    if (failed != null) {
                        object.error(new TracedFailure(failed));
                    }
                    return became;
                }));
    }

    /** One call of what is done about an object; it has a span if that has one. */
    public <T> T call(String what, Supplier<T> call) {
        Observation current = registry.getCurrentObservation();
        if (!isOn() || current == null || !OBJECT.equals(current.getContext().getName())) {
            return call.get();
        }
        Observation.Context object = current.getContext();
        int attempt = 1 + object.getOrDefault(what, 0);
        object.put(what, attempt);
        T result = observation("call", what, 1)
                .highCardinalityKeyValue("attempt", Integer.toString(attempt))
                .observe(call);
        object.put(what, 0);
        return result;
    }

    /** A call of this thread's page or object failed so, and is made again. */
    public void retried(Failure failure) {
        Observation current = registry.getCurrentObservation();
        if (isOn()
                && current != null
                && String.valueOf(current.getContext().getName()).startsWith(PREFIX)) {
            current.event(Observation.Event.of("retry", "retry: " + word(failure.reason())));
        }
    }

    private static <T> T of(ObjectKind kind, Supplier<T> work) {
        try (var _ = MDC.putCloseable(LogFields.OBJECT_KIND, kind.word())) {
            return work.get();
        }
    }

    /** Nothing, where that is decided by chance or there are no traces. */
    private Observation observation(String name, String shown, double share) {
        return isOn() && ThreadLocalRandom.current().nextDouble() < share
                ? Observation.createNotStarted(PREFIX + name, registry).contextualName(shown)
                : Observation.NOOP;
    }

    private boolean isOn() {
        return properties.endpoint() != null;
    }

    /** A name of ours, as it is told. */
    public static String word(Object value) {
        return value instanceof Enum<?> one ? one.name().toLowerCase(Locale.ROOT) : String.valueOf(value);
    }
}
