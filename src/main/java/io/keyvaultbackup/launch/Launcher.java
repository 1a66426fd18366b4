package io.keyvaultbackup.launch;

import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the jar starts: answers those who ask for help or the version itself, and lets Spring Boot's loader run everything else. To
 * open the jars within the jar and have picocli look at every verb takes most of a second, which is long for a word of help.
 */
public final class Launcher {

    private static final String LOADER = "org.springframework.boot.loader.launch.JarLauncher";

    private Launcher() {}

    public static void main(String[] arguments) throws Exception {
        if (!isForTheProgram() || !answers(arguments)) {
            load(arguments);
        }
    }

    /** Answers who asks for nothing but help or the version, and has neither picocli nor Spring for it. False for everybody else. */
    public static boolean answers(String... arguments) {
        Optional<String> answer =
                new KnownAnswers(Screen.wantsColours(Screen.isWatched(), System.getenv())).to(arguments);
        // The bytes that picocli's writer would have written, whatever the terminal's encoding.
        answer.ifPresent(text -> System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8)));
        System.out.flush();
        return answer.isPresent();
    }

    /** False for -Djarmode=tools, with which Spring Boot's loader runs a tool that has a help of its own. */
    private static boolean isForTheProgram() {
        return System.getProperty("jarmode") == null;
    }

    private static void load(String[] arguments) throws Exception {
        try {
            // By its name, because the loader is in the finished jar and not on the class path of the build.
            Class.forName(LOADER).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
