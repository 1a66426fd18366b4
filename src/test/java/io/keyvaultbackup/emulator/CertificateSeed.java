package io.keyvaultbackup.emulator;

/** Shapes a seeded certificate; its key and secret follow. */
public final class CertificateSeed extends ObjectSeed<CertificateSeed> {

    CertificateSeed(ObjectStore store, String name) {
        super(store, Kind.CERTIFICATE, name);
    }

    @Override
    CertificateSeed self() {
        return this;
    }
}
