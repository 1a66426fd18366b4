package io.keyvaultbackup.kubernetes;

import java.nio.file.Path;

/**
 * The bases that the Dockerfile builds on, made of this machine's own files, as no registry can be counted on here. The one that the program
 * runs on has glibc and nothing else: no shell, no command. The one that it is built in also has this JDK and what the build calls.
 *
 * @param build for BUILD_BASE
 * @param run for BASE
 */
record LocalBases(String build, String run) {

    private static final String SCRIPT = """
            java=$1 build=$2 run=$3
            shift 3
            needs() { # the libraries of programs and libraries, but those of the JDK itself
              ldd "$@" | grep -o '/[^ :]*\\.so[^ :]*' | grep -v "^$java" | sort -u
            }
            take() {
              for file in "$@"; do
                mkdir -p "$root${file%/*}"
                cp -L "$file" "$root$file"
              done
            }
            container=$("$@" from scratch)
            root=$("$@" mount "$container")
            mkdir -p "$root/tmp" "$root/etc"
            chmod 1777 "$root/tmp"
            libraries=$(needs "$java/bin/java" "$java"/lib/*.so "$java/lib/server/libjvm.so" | grep -v -e /libX -e /libasound)
            take $libraries
            libc=$(echo "$libraries" | grep '/libc\\.so\\.')
            # these are loaded by their names
            for name in libresolv.so.2 libnss_dns.so.2 libnss_files.so.2; do
              file=${libc%/*}/$name
              [ ! -e "$file" ] || take "$file"
            done
            "$@" commit --quiet "$container" "$run"

            for command in /bin/sh mkdir mv rm touch; do
              file=$(command -v $command)
              take "$file" $(needs "$file")
            done
            mkdir -p "$root/opt/jdk"
            cp -rL --preserve=mode,timestamps "$java/." "$root/opt/jdk"
            "$@" config --env PATH=/opt/jdk/bin:/usr/bin:/bin "$container"
            "$@" commit --quiet "$container" "$build"
            "$@" rm "$container"
            """;

    static LocalBases in(Buildah buildah) {
        Path java = Path.of(System.getProperty("java.home")).toAbsolutePath();
        String version = Runtime.version().toString().replace('+', '_');
        LocalBases bases = new LocalBases("localhost/build-base:" + version, "localhost/base:" + version);
        if (!buildah.has(bases.build)) {
            buildah.script(SCRIPT, java.toString(), bases.build, bases.run);
        }
        return bases;
    }
}
