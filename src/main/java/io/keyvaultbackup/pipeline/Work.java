package io.keyvaultbackup.pipeline;

/** What one thread of a {@link Stage} does: produce results until there are no more, or until it is asked to stop. */
@FunctionalInterface
public interface Work<T> {

    /**
     * Runs on a thread of its own. An exception ends the stage: the others stop taking work, what they finished is still handed
     * on, and then the reader gets the exception.
     */
    void run(Output<T> output) throws Exception;

    /** Where the results go. */
    interface Output<T> {

        /** Hands a result on; waits while the reader is behind, also when interrupted, and loses the result only where the stage is closed. */
        void emit(T result);

        /** Whether no new work should be begun. */
        boolean isStopping();
    }
}
