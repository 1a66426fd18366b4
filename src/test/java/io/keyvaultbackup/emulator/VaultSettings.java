package io.keyvaultbackup.emulator;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How one emulated vault behaves. {@link #of} gives the defaults; {@code with…} changes one of them.
 *
 * @param name the vault's name, for messages and for nothing else: its address is the port
 * @param subscription with the geography, where its backups can be restored
 * @param limit what it grants; null: nothing is enforced
 * @param versionLimit the most versions of an object that can be backed up
 * @param versionLimitError how more versions are refused: what the service answers is unknown
 * @param versionLimitPause how long that refusal takes
 * @param foreignBlobStatus the status with which a backup of another subscription or geography is refused: unknown
 * @param disabledBackupRefused whether a disabled object's backup is refused: unknown
 * @param pageSize how many items a page of a listing has
 * @param listedBackwards whether objects are listed from the last name to the first: the service promises no order
 * @param latency how long every request takes
 * @param perVersionLatency how much longer a backup takes for each version
 * @param purgePause how long a purged name stays refused
 * @param recoverPause how long a recovered object counts as being recovered
 * @param deletePause how long a deleted object counts as being deleted
 * @param purgeProtection whether nothing is purged before its time; the objects' recovery level says so
 * @param purgeRefusal how a purge is refused then; by default as people reported it
 * @param clock the vault's time: of attributes, limits and pauses, and in the {@code Date} header
 */
public record VaultSettings(
        String name,
        String subscription,
        String geography,
        @Nullable RequestLimit limit,
        int versionLimit,
        ErrorAnswer versionLimitError,
        Duration versionLimitPause,
        int foreignBlobStatus,
        boolean disabledBackupRefused,
        int pageSize,
        boolean listedBackwards,
        Duration latency,
        Duration perVersionLatency,
        Duration purgePause,
        Duration recoverPause,
        Duration deletePause,
        boolean purgeProtection,
        ErrorAnswer purgeRefusal,
        InstantSource clock) {

    /** An error of the test's choosing: status, and the body's code and message. */
    public record ErrorAnswer(int status, String code, String message) {}

    /** The subscription of vaults that name no other. */
    public static final String DEFAULT_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

    /** A vault in the default subscription and in {@code europe}, without limit or latency. */
    public static VaultSettings of(String name) {
        return new VaultSettings(
                name,
                DEFAULT_SUBSCRIPTION,
                "europe",
                null,
                500,
                new ErrorAnswer(504, "GatewayTimeout", "The operation timed out."),
                Duration.ofMillis(100),
                400,
                false,
                25,
                false,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                false,
                new ErrorAnswer(
                        403,
                        "Forbidden",
                        "Operation \"purge\" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed."),
                InstantSource.system());
    }

    public VaultSettings withSubscription(String value) {
        return new VaultSettings(
                name,
                value,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withGeography(String value) {
        return new VaultSettings(
                name,
                subscription,
                value,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withLimit(@Nullable RequestLimit value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                value,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withVersionLimit(int value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                value,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withVersionLimitError(ErrorAnswer value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                value,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withVersionLimitPause(Duration value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                value,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withForeignBlobStatus(int value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                value,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withDisabledBackupRefused(boolean value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                value,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withPageSize(int value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                value,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings thatListsBackwards() {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                true,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withLatency(Duration value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                value,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withPerVersionLatency(Duration value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                value,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withPurgePause(Duration value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                value,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withRecoverPause(Duration value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                value,
                deletePause,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withDeletePause(Duration value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                value,
                purgeProtection,
                purgeRefusal,
                clock);
    }

    public VaultSettings withPurgeProtection(boolean value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                value,
                purgeRefusal,
                clock);
    }

    public VaultSettings withPurgeRefusal(ErrorAnswer value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                value,
                clock);
    }

    public VaultSettings withClock(InstantSource value) {
        return new VaultSettings(
                name,
                subscription,
                geography,
                limit,
                versionLimit,
                versionLimitError,
                versionLimitPause,
                foreignBlobStatus,
                disabledBackupRefused,
                pageSize,
                listedBackwards,
                latency,
                perVersionLatency,
                purgePause,
                recoverPause,
                deletePause,
                purgeProtection,
                purgeRefusal,
                value);
    }
}
