package io.keyvaultbackup.dashboard.view;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one of the two sources told, or why it did not: whoever shows it says which. */
public sealed interface Reading<T> {

    record Known<T>(T value) implements Reading<T> {}

    /**
     * @param why what happened, in a sentence
     * @param advice what to do now
     */
    record Missing<T>(String why, String advice) implements Reading<T> {}

    /** It has been asked for, and there is no answer yet. */
    record Awaited<T>() implements Reading<T> {}

    static <T> Reading<T> known(T value) {
        return new Known<>(value);
    }

    static <T> Reading<T> missing(String why, String advice) {
        return new Missing<>(why, advice);
    }

    /** What it told; empty if it did not. */
    default Optional<T> told() {
        return this instanceof Known<T>(T value) ? Optional.of(value) : Optional.empty();
    }

    /** The same with what it told made into something else. */
    default <R> Reading<R> map(Function<T, R> made) {
        return switch (this) {
            case Known<T>(T value) -> new Known<>(made.apply(value));
            case Missing<T>(String why, String advice) -> new Missing<>(why, advice);
            case Awaited<T> _ -> new Awaited<>();
        };
    }

    /** Why there is none; null if there is one, or it is only awaited. */
    default @Nullable Missing<T> gap() {
        return this instanceof Missing<T> missing ? missing : null;
    }
}
