package io.keyvaultbackup;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.keyvaultbackup.dashboard.DashboardConfiguration;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/** Holds the layout: which package may know which, and which library is seen where. */
@AnalyzeClasses(packages = "io.keyvaultbackup", importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {

    private static final List<String> FEATURES =
            List.of("cli", "backup", "fleet", "doctor", "verify", "restore", "retention", "dashboard");

    private static final String[] CORE = Stream.of(
                    "azure",
                    "examination",
                    "launch",
                    "run",
                    "service",
                    "recovery",
                    "snapshot",
                    "signature",
                    "ledger",
                    "notification",
                    "pacing",
                    "pipeline",
                    "vault",
                    "store",
                    "telemetry")
            .map(LayoutTest::room)
            .toArray(String[]::new);

    private static final String KEY_VAULT_SDK = "com.azure.security.keyvault..";

    /** What a backup asks of a vault: listings without values, and backups that only the service can open. */
    private static final Pattern NO_VALUE_IN_THE_ANSWER = Pattern.compile(
            "listPropertiesOf(Secret|Key|Certificate)(s|Versions)|backup(Secret|Key|Certificate)(WithResponse)?");

    private static final Pattern WRITES_FILES = Pattern.compile(
            "write.*|create.*|delete.*|move|copy|set.*|newOutputStream|newBufferedWriter|newByteChannel");

    private static String room(String name) {
        return "io.keyvaultbackup." + name + "..";
    }

    // Direction

    /** A start does not look for any, see {@link KeyvaultBackup}. */
    @ArchTest
    static final ArchRule NOTHING_WAITS_TO_BE_FOUND = noClasses().should().beAnnotatedWith(Component.class);

    @ArchTest
    static final ArchRule THE_PROGRAM_NAMES_ITS_PARTS = classes()
            .that()
            .areAnnotatedWith(Configuration.class)
            .should(ArchCondition.from(describe("be named by the program", LayoutTest::isNamedByTheProgram)));

    @ArchTest
    static final ArchRule theCoreKnowsNoFeature = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FEATURES.stream().map(LayoutTest::room).toArray(String[]::new))
            .because("features depend on the core, never the other way");

    @ArchTest
    static final ArchRule featuresDoNotKnowEachOther = slices().matching("io.keyvaultbackup.(*)..")
            .that(describe("are features", slice -> FEATURES.contains(slice.getNamePart(1))))
            .should()
            .notDependOnEachOther()
            .because("features meet only in the core: cli starts backups through run.BackupRuns");

    @ArchTest
    static final ArchRule everyPackageIsAFeatureOrCore = classes()
            .should()
            .resideInAnyPackage(Stream.of(
                            Stream.of("io.keyvaultbackup"),
                            Stream.of(CORE),
                            FEATURES.stream().map(LayoutTest::room))
                    .flatMap(names -> names)
                    .toArray(String[]::new))
            .because("a package that these rules do not name is held by none of them: add it to FEATURES or to CORE");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.keyvaultbackup.(**)").should().beFreeOfCycles();

    // Libraries

    @ArchTest
    static final ArchRule theKeyVaultSdkIsSeenInOnePlace = onlyIn(KEY_VAULT_SDK, "io.keyvaultbackup.vault.azure..");

    @ArchTest
    static final ArchRule theBlobSdkIsSeenInOnePlace = onlyIn("com.azure.storage..", "io.keyvaultbackup.store.azure..");

    @ArchTest
    static final ArchRule theResourceManagerSdkIsSeenInOnePlace =
            onlyIn("com.azure.resourcemanager..", "io.keyvaultbackup.fleet.azure..");

    @ArchTest
    static final ArchRule noOtherPlaceSeesAzure = onlyIn(
            "com.azure..",
            "io.keyvaultbackup.azure..",
            "io.keyvaultbackup.vault.azure..",
            "io.keyvaultbackup.store.azure..",
            "io.keyvaultbackup.fleet.azure..");

    @ArchTest
    static final ArchRule sqlIsInTheLedger = noClasses()
            .that()
            .resideOutsideOfPackage("io.keyvaultbackup.ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.jdbc..", "java.sql..", "javax.sql..", "org.flywaydb..")
            .because("the ledger is the only place with SQL");

    @ArchTest
    static final ArchRule metricsLeaveFromOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.keyvaultbackup.telemetry..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.prometheus..",
                    "io.opentelemetry..",
                    "io.micrometer.prometheusmetrics..",
                    "io.micrometer.tracing..",
                    "io.micrometer.registry..")
            .because(
                    "only telemetry sees Prometheus's client, OTLP and traces, and loads them only where they are configured");

    @ArchTest
    static final ArchRule picocliIsInTheCommandLine = onlyIn("picocli..", "io.keyvaultbackup.cli..");

    @ArchTest
    static final ArchRule theWebIsInTheDashboard = noClasses()
            .that()
            .resideOutsideOfPackage(room("dashboard"))
            .and(not(named("io.keyvaultbackup.ServedProgram")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.web..",
                    "org.springframework.http..",
                    "org.springframework.security..",
                    "org.thymeleaf..",
                    "org.apache.catalina..",
                    "org.apache.tomcat..",
                    "jakarta.servlet..")
            .because("no other verb may load a class of these");

    @ArchTest
    static final ArchRule theDashboardHasNoVault = noClasses()
            .that()
            .resideInAPackage(room("dashboard"))
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.keyvaultbackup\\.("
                    + "vault\\.(Vaults?|VaultDoor|RestoreTarget|ScratchVault)|vault\\.azure\\..*|pacing\\.Paced.*"
                    + "|store\\.(Leases?|BlobRemoval|BlobProtection)|pipeline\\..*)")
            .because("whoever gets into the web process is to find no way to a vault, and none to remove a copy");

    @ArchTest
    static final ArchRule springBatchIsInTheJobs = onlyIn(
            "org.springframework.batch..",
            "io.keyvaultbackup.backup..",
            "io.keyvaultbackup.verify..",
            "io.keyvaultbackup.restore..",
            "io.keyvaultbackup.retention..",
            "io.keyvaultbackup.pipeline..");

    @ArchTest
    static final ArchRule theLauncherSeesTheJdkAndItself = noClasses()
            .that()
            .resideInAPackage(room("launch"))
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "org.jspecify.annotations..", room("launch"))
            .because("it runs from the root of the jar, where there is nothing else, and is to be quick");

    private static ArchRule onlyIn(String library, String... places) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(places)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .as("only " + String.join(", ", places) + " should see " + library);
    }

    // Files

    @ArchTest
    static final ArchRule filesAreWrittenByTheDirectoryStoreAndDrafts = noClasses()
            .that()
            .resideOutsideOfPackage("io.keyvaultbackup.store.directory..")
            .and(not(named("io.keyvaultbackup.backup.Seal")))
            .and(not(named("io.keyvaultbackup.restore.RestoreReport")))
            .and(not(named("io.keyvaultbackup.cli.BackupFiles")))
            .and(not(named("io.keyvaultbackup.ledger.EmptyDatabase")))
            .should()
            .accessTargetWhere(describe("writes files", LayoutTest::writesFiles))
            .because("what is kept goes through the store's port; only Seal and RestoreReport draft in temporary files,"
                    + " an export is a file, and so is a new job database");

    @ArchTest
    static final ArchRule filesAreTouchedInFewPlaces = noClasses()
            .that()
            .resideOutsideOfPackage("io.keyvaultbackup.store.directory..")
            .and(not(named("io.keyvaultbackup.backup.Seal")))
            .and(not(named("io.keyvaultbackup.restore.RestoreReport")))
            .and(not(named("io.keyvaultbackup.cli.BackupFiles")))
            .and(not(named("io.keyvaultbackup.ledger.EmptyDatabase")))
            .and(not(named("io.keyvaultbackup.cli.ConfigurationFiles")))
            .and(not(named("io.keyvaultbackup.cli.JobDatabasePlace")))
            .and(not(named("io.keyvaultbackup.store.BlobContent")))
            .and(not(named("io.keyvaultbackup.signature.PemKeys")))
            .and(not(named("io.keyvaultbackup.dashboard.request.ServiceAccount")))
            .should()
            .dependOnClassesThat(belongToAnyOf(Files.class))
            .because(
                    "only the directory store, drafts of manifests and reports, configuration files, the data directory, a new job database, a blob's content, keys, a pod's account and exports are files");

    private static boolean writesFiles(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        JavaClass owner = target.getOwner();
        if (owner.isEquivalentTo(Files.class)) {
            return WRITES_FILES.matcher(target.getName()).matches();
        }
        if (owner.isEquivalentTo(FileChannel.class)) {
            return target.getName().equals("open");
        }
        return Stream.of(FileOutputStream.class, FileWriter.class, RandomAccessFile.class)
                .anyMatch(owner::isEquivalentTo);
    }

    // Secrets

    @ArchTest
    static final ArchRule noSecretIsEverRead = noClasses()
            .that(not(named("io.keyvaultbackup.vault.azure.KeyVaultSigner")))
            .and(not(named("io.keyvaultbackup.vault.azure.AzureRestoreTarget")))
            .and(not(named("io.keyvaultbackup.vault.azure.AzureDeletedObjects")))
            .and(not(named("io.keyvaultbackup.vault.azure.AzureScratchVault")))
            .should()
            .accessTargetWhere(describe(
                    "gets a secret, key or certificate, or anything else that is no listing and no backup",
                    LayoutTest::couldReadAValue))
            .because(
                    "a backup never needs a value: the backup role has no getSecret, and no code path may ask for one");

    @ArchTest
    static final ArchRule noSecretIsEverHeld = noClasses()
            .that(not(named("io.keyvaultbackup.vault.azure.KeyVaultSigner")))
            .and(not(named("io.keyvaultbackup.vault.azure.AzureRestoreTarget")))
            .and(not(named("io.keyvaultbackup.vault.azure.AzureDeletedObjects")))
            .and(not(named("io.keyvaultbackup.vault.azure.AzureScratchVault")))
            .should()
            .dependOnClassesThat(resideInAPackage(KEY_VAULT_SDK)
                    .and(describe(
                            "hold a value",
                            type -> Pattern.matches(
                                    "KeyVaultSecret|KeyVaultKey|JsonWebKey|KeyVaultCertificate(WithPolicy)?|Deleted(Secret|Key|Certificate)|.*CryptographyClient",
                                    type.getSimpleName()))))
            .because("what is never held can be neither logged nor kept");

    @ArchTest
    static final ArchRule theSignerOnlySigns = noClasses()
            .that(named("io.keyvaultbackup.vault.azure.KeyVaultSigner"))
            .should()
            .accessTargetWhere(describe(
                    "asks a vault for anything but a signature", access -> couldReadAValue(access) && !signs(access)))
            .because("the key of a signature stays where it is");

    @ArchTest
    static final ArchRule theRestoreTargetOnlyRestores = noClasses()
            .that(named("io.keyvaultbackup.vault.azure.AzureRestoreTarget"))
            .should()
            .accessTargetWhere(describe(
                    "asks a vault for anything but a restore or the recovery of what was deleted",
                    access -> couldReadAValue(access) && !restores(access)))
            .orShould()
            .accessTargetWhere(describe("takes a value", LayoutTest::takesAValue))
            .orShould()
            .accessTargetWhere(describe("asks a poller", LayoutTest::asksAPoller))
            .because("of the answer to a restore only the name is taken, and one request is all that is paced");

    @ArchTest
    static final ArchRule theDeletedObjectsAreOnlyListed = noClasses()
            .that(named("io.keyvaultbackup.vault.azure.AzureDeletedObjects"))
            .should()
            .accessTargetWhere(describe(
                    "asks a vault for anything but the listing of what was deleted",
                    access -> couldReadAValue(access) && !listsDeleted(access)))
            .orShould()
            .accessTargetWhere(describe("takes a value", LayoutTest::takesAValue))
            .because("of what was deleted only name, recovery level and times are taken");

    @ArchTest
    static final ArchRule theScratchVaultOnlyRemoves = noClasses()
            .that(named("io.keyvaultbackup.vault.azure.AzureScratchVault"))
            .should()
            .accessTargetWhere(describe(
                    "asks a vault for anything but a deletion or a purge",
                    access -> isCallOfAVault(access) && !removes(access)))
            .orShould()
            .accessTargetWhere(describe("takes a value", LayoutTest::takesAnythingOfAnObject))
            .orShould()
            .accessTargetWhere(describe("asks a poller", LayoutTest::asksAPoller))
            .because("what removes a trial has no other purpose, and one request is all that is paced");

    @ArchTest
    static final ArchRule nothingElseRemoves = noClasses()
            .that(not(named("io.keyvaultbackup.vault.azure.AzureScratchVault")))
            .should()
            .accessTargetWhere(describe("deletes or purges objects of a vault", LayoutTest::removes))
            .because("what backs up and what restores must not be able to remove anything");

    @ArchTest
    static final ArchRule whatBacksUpCanNeitherRestoreNorRemove = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.keyvaultbackup.backup..", "io.keyvaultbackup.verify..", "io.keyvaultbackup.doctor..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "io\\.keyvaultbackup\\.(vault\\.(RestoreTarget|ScratchVault)|pacing\\.Paced(RestoreTarget|ScratchVault)|run\\.FileRestores)");

    @ArchTest
    static final ArchRule onlyForgettingRemovesFromTheStore = noClasses()
            .that()
            .resideOutsideOfPackages("io.keyvaultbackup.retention..", "io.keyvaultbackup.store..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.keyvaultbackup\\.store\\.BlobRemoval")
            .because("whoever backs up, restores, proves or examines must not be able to remove a copy");

    private static boolean restores(JavaAccess<?> access) {
        return access.getTarget()
                .getName()
                .matches(
                        "restore(Secret|Key|Certificate)Backup(WithResponse)?|beginRecoverDeleted(Secret|Key|Certificate)");
    }

    private static boolean listsDeleted(JavaAccess<?> access) {
        return access.getTarget().getName().matches("listDeleted(Secrets|Keys|Certificates)");
    }

    private static boolean removes(JavaAccess<?> access) {
        return isCallOfAVault(access)
                && access.getTarget()
                        .getName()
                        .matches(
                                "beginDelete(Secret|Key|Certificate)|purgeDeleted(Secret|Key|Certificate)(WithResponse)?");
    }

    private static boolean takesAValue(JavaAccess<?> access) {
        return takesAnythingOfAnObject(access)
                && !access.getTarget().getName().matches("getName|getDeletedOn|getScheduledPurgeDate|getProperties");
    }

    private static boolean takesAnythingOfAnObject(JavaAccess<?> access) {
        return Pattern.matches(
                "KeyVaultSecret|KeyVaultKey|KeyVaultCertificate(WithPolicy)?|Deleted(Secret|Key|Certificate)",
                access.getTarget().getOwner().getSimpleName());
    }

    private static boolean asksAPoller(JavaAccess<?> access) {
        return resideInAPackage("com.azure.core.util.polling..")
                .test(access.getTarget().getOwner());
    }

    private static boolean signs(JavaAccess<?> access) {
        return access.getTarget().getOwner().getSimpleName().equals("CryptographyClient")
                && access.getTarget().getName().equals("sign");
    }

    private static boolean couldReadAValue(JavaAccess<?> access) {
        return isCallOfAVault(access)
                && !NO_VALUE_IN_THE_ANSWER.matcher(access.getName()).matches();
    }

    private static boolean isCallOfAVault(JavaAccess<?> access) {
        JavaClass owner = access.getTarget().getOwner();
        return resideInAPackage(KEY_VAULT_SDK).test(owner)
                && Pattern.matches(".*(Secret|Key|Certificate|Cryptography)(Async)?Client", owner.getSimpleName());
    }

    // Manners

    @ArchTest
    static final ArchRule onlyTheTerminalPrints = noClasses()
            .that(not(named("io.keyvaultbackup.cli.Terminal")))
            .and(not(named("io.keyvaultbackup.launch.Launcher")))
            .should()
            .accessTargetWhere(describe("is standard output or error", LayoutTest::isAStandardStream))
            .because("what a verb prints goes to the terminal that it was given; the rest goes to the log."
                    + " The launcher answers before there is a terminal");

    private static boolean isAStandardStream(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        if (target instanceof AccessTarget.MethodCallTarget call
                && call.getName().equals("printStackTrace")) {
            return call.getRawParameterTypes().isEmpty();
        }
        return target.getOwner().isEquivalentTo(System.class)
                && List.of("out", "err").contains(target.getName());
    }

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .because("an InstantSource is injected, so that tests set the time");

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Utils?|Helper|Manager)")
            .because("these words say nothing of what a class does");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(new ArchCondition<JavaClass>("be in a package whose package-info says @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(
                            type, marked, type.getName() + " is in a package that is not @NullMarked"));
                }
            });

    private static DescribedPredicate<JavaClass> named(String name) {
        Predicate<JavaClass> isIt =
                type -> type.getName().equals(name) || type.getName().startsWith(name + "$");
        return describe("are " + name, isIt);
    }

    private static boolean isNamedByTheProgram(JavaClass configuration) {
        return Stream.of(KeyvaultBackup.class, ServedProgram.class, DashboardConfiguration.class)
                .flatMap(
                        program -> Stream.of(program.getAnnotation(Import.class).value()))
                .map(Class::getName)
                .anyMatch(configuration.getName()::equals);
    }
}
