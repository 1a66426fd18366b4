package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.StopSignal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;

/**
 * Ctrl-C and SIGTERM: the first asks whatever runs to stop, the second ends the process at once. The JVM's own way, a shutdown hook,
 * knows no second time and no exit code of ours, so its handlers are replaced; they are reached by reflection, since javac refuses to
 * compile against a package that is not of the platform's interface, although every JDK since 9 exports it (module jdk.unsupported).
 */
final class Interrupts {

    private static final List<String> SIGNALS = List.of("INT", "TERM");

    /** After it nothing is waited for any more. */
    static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final StopSignal stop = new StopSignal();
    private final Terminal terminal;

    private Interrupts(Terminal terminal) {
        this.terminal = terminal;
    }

    /** A signal that they give, from now on; where the platform has none of them, it is never given. */
    static StopSignal ofThisProcess(Terminal terminal) {
        Interrupts interrupts = new Interrupts(terminal);
        for (String signal : SIGNALS) {
            try {
                interrupts.handle(signal);
            } catch (ReflectiveOperationException | IllegalArgumentException notHere) {
                // Then the JVM ends at once, as it always did.
            }
        }
        return interrupts.stop;
    }

    private void handle(String signal) throws ReflectiveOperationException {
        Class<?> signalClass = Class.forName("sun.misc.Signal");
        Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
        Object handler = Proxy.newProxyInstance(
                Interrupts.class.getClassLoader(), new Class<?>[] {handlerClass}, (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        received();
                    }
                    return switch (method.getName()) {
                        case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "toString" -> "stops the run";
                        default -> null;
                    };
                });
        try {
            signalClass
                    .getMethod("handle", signalClass, handlerClass)
                    .invoke(null, signalClass.getConstructor(String.class).newInstance(signal), handler);
        } catch (InvocationTargetException refused) {
            throw new IllegalArgumentException(signal + " can not be handled here", refused);
        }
    }

    private void received() {
        if (stop.isGiven()) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
        Thread.ofPlatform().daemon().name("stop").start(this::endAfterAll);
        stop.give();
    }

    /** For what hears no stop, such as a store or a database that does not answer: a relaunch takes it for a crash, and loses nothing. */
    private void endAfterAll() {
        try {
            Thread.sleep(LONGEST_STOP);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
        terminal.err()
                .println(
                        "keyvault-backup: it did not end within " + LONGEST_STOP.toSeconds()
                                + " s of being stopped, and was ended at once. Launch it again; what held a vault is free within a minute.");
        terminal.err().flush();
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
    }
}
