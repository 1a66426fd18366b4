# The image of the packaged program. First ./mvnw -DskipTests package, then one of
#   docker build --tag keyvault-backup .
#   buildah bud --layers --timestamp 0 --tag keyvault-backup .
# Nothing but the bases is fetched. The second gives the same layers for the same jar and bases each time, all but the last one (the AOT
# cache); see docs/kubernetes.md.

# Has a JDK 25 on its PATH, and a shell.
ARG BUILD_BASE=docker.io/library/eclipse-temurin:25-jdk
# Has glibc; needs no Java, no shell, no libraries.
ARG BASE=gcr.io/distroless/base-nossl-debian13:nonroot

FROM ${BUILD_BASE} AS parts
# All that jdeps finds in the program and its libraries (ContainerImageIT compares), and what those need that is only asked for by name.
RUN jlink --output /parts/java --strip-java-debug-attributes --no-header-files --no-man-pages --add-modules \
java.base,java.compiler,java.desktop,java.instrument,java.net.http,java.prefs,java.scripting,java.security.jgss,java.sql.rowset,\
jdk.httpserver,jdk.jfr,jdk.management,jdk.net,jdk.unsupported
WORKDIR /build
COPY target/keyvault-backup.jar ./
RUN java -Djarmode=tools -jar keyvault-backup.jar extract --destination app \
    && jar --extract --file keyvault-backup.jar META-INF/sbom/application.cdx.json \
    && rm app/lib/spring-boot-jarmode-tools-*.jar \
    && mv app/lib app/keyvault-backup.jar /parts/ \
    && mv META-INF/sbom/application.cdx.json /parts/sbom.cdx.json \
    && mkdir -p /place/config /place/data \
    && touch -d 2000-01-01T00:00:00Z /parts/* /parts/lib/*
COPY container/TrainingVault.java ./
RUN javac -d /training TrainingVault.java \
    && keytool -genkeypair -alias vault -keyalg EC -groupname secp256r1 -dname CN=localhost -ext san=dns:localhost -validity 3650 \
       -storetype PKCS12 -keystore /training/vault.p12 -storepass training \
    && keytool -exportcert -rfc -alias vault -keystore /training/vault.p12 -storepass training -file /training/vault.pem

FROM ${BASE} AS program
COPY --from=parts /parts/java /opt/keyvault-backup/java
COPY --from=parts /parts/lib /opt/keyvault-backup/lib
COPY --from=parts /parts/keyvault-backup.jar /opt/keyvault-backup/
COPY --from=parts /parts/sbom.cdx.json /opt/keyvault-backup/
# Here ./config/application.yaml is looked for, and ./data made: a volume of its own where the root file system is read-only.
COPY --from=parts --chown=65532:65532 /place /keyvault-backup
WORKDIR /keyvault-backup

# The cache is good for these very files at their place, of this size and time: so it is made in what they are in, and not before. What the
# program needs for a backup is seen in one, of a vault that is made up for it.
FROM program AS training
USER 0
COPY --from=parts /training /training
WORKDIR /training
RUN ["/opt/keyvault-backup/java/bin/java", "-cp", "/training", "TrainingVault", "/training", \
     "/opt/keyvault-backup/java/bin/java", "-Xlog:disable", "-XX:AOTCacheOutput=/training/classes.aot", "-jar", "/opt/keyvault-backup/keyvault-backup.jar"]

FROM program
LABEL org.opencontainers.image.title="keyvault-backup" \
      org.opencontainers.image.description="Backs up every secret, key and certificate of Azure Key Vaults, proves the copies, and restores them." \
      io.keyvaultbackup.sbom="/opt/keyvault-backup/sbom.cdx.json"
# With it, a job database that has all tables and nothing in them, for new ones to begin as.
COPY --from=training /training/classes.aot /training/empty/keyvault-backup.mv.db /opt/keyvault-backup/
USER 65532:65532
# No shell in between: SIGTERM reaches the program. What the JVM has to say goes where it is in nobody's way: standard output is for JSON.
ENTRYPOINT ["/opt/keyvault-backup/java/bin/java", "-Xlog:disable", "-Xlog:all=warning:stderr", "-XX:AOTCache=/opt/keyvault-backup/classes.aot", "-Dkeyvault-backup.ledger.empty-database=/opt/keyvault-backup/keyvault-backup.mv.db", "-jar", "/opt/keyvault-backup/keyvault-backup.jar"]
