package io.keyvaultbackup.store.azure;

import com.azure.core.util.Context;
import com.azure.core.util.FluxUtil;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.BlobMetadata;
import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.ProtectionMode;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * A store in a container of Blob Storage, which must be there already. A blob is added by a single Put Blob request with
 * {@code If-None-Match: *}, so it needs no right to overwrite; the service takes up to 256 MB that way. Safe for use by many
 * threads.
 *
 * <p>Requests are tried again as the client was {@linkplain BlobContainers made to}. If the answer to a put was lost, the next try
 * finds the name taken; the blob is then looked at, and is this one's own if length and SHA-256 are. {@link #list} tells no versions;
 * {@link #put}, {@link #find} and {@link #listVersions} do, where the account keeps them.
 */
public final class BlobContainerStore implements BackupStore {

    private static final int READ_IN_ORDER = Spliterator.ORDERED | Spliterator.NONNULL;

    private final BlobContainerClient container;
    private final BlobFailures failures;
    private final @Nullable Integer pageSize;
    private final ProtectionMode mode;
    private final PutProtection protection;

    public BlobContainerStore(BlobContainerClient container) {
        this(container, ProtectionMode.UNLOCKED);
    }

    /** @param mode of the retentions that are asked for */
    public BlobContainerStore(BlobContainerClient container, ProtectionMode mode) {
        this(container, null, mode);
    }

    /** @param pageSize how many blobs are listed by one request; without, as many as the service gives (5,000) */
    BlobContainerStore(BlobContainerClient container, @Nullable Integer pageSize) {
        this(container, pageSize, ProtectionMode.UNLOCKED);
    }

    private BlobContainerStore(BlobContainerClient container, @Nullable Integer pageSize, ProtectionMode mode) {
        this.container = container;
        this.failures = new BlobFailures(container);
        this.pageSize = pageSize;
        this.mode = mode;
        this.protection = new PutProtection(mode);
    }

    @Override
    public StoredBlob put(String name, BlobContent content, Map<String, String> given, Protection asked) {
        Protection possible = protection.possible(asked);
        try {
            return putWith(possible, name, content, given);
        } catch (StoreException refused) {
            if (!mayDoWithout(possible, refused)) {
                throw refused;
            }
            StoredBlob put = putOnce(name, content, given, Protection.NONE);
            protection.note(asked, refused.failure(), protectionOf(put));
            return put;
        }
    }

    @Override
    public boolean putIfProtected(String name, BlobContent content, Map<String, String> given, Protection asked) {
        Protection possible = protection.possible(asked);
        try {
            putWith(possible, name, content, given);
            return true;
        } catch (StoreException refused) {
            if (!mayDoWithout(possible, refused)) {
                throw refused;
            }
            return false;
        }
    }

    private StoredBlob putWith(Protection possible, String name, BlobContent content, Map<String, String> given) {
        StoredBlob put = putOnce(name, content, given, possible);
        if (!possible.equals(Protection.NONE) && protection.isProofWanted()) {
            protection.note(possible, null, protectionOf(put));
        }
        return put;
    }

    private boolean mayDoWithout(Protection possible, StoreException refused) {
        return !possible.equals(Protection.NONE) && protection.mayDoWithout(refused.failure());
    }

    /** What the service tells of it, or null if it does not. */
    private @Nullable Protection protectionOf(StoredBlob put) {
        try {
            return find(put.name()).map(StoredBlob::protection).orElse(null);
        } catch (StoreException unseen) {
            return null; // the next one is looked at
        }
    }

    @Override
    public BackupStore forOneRun() {
        return new BlobContainerStore(container, pageSize, mode);
    }

    @Override
    public boolean isProtecting() {
        return protection.isProven();
    }

    @Override
    public Optional<String> unprotected() {
        return protection.unprotected();
    }

    private StoredBlob putOnce(String name, BlobContent content, Map<String, String> given, Protection asked) {
        BlobClient blob = blob(name);
        Map<String, String> metadata = BlobMetadata.of(content, given);
        BlockBlobSimpleUploadOptions upload = upload(content, metadata);
        protection.addTo(upload, asked);
        try {
            BlockBlobItem added = blob.getBlockBlobClient()
                    .uploadWithResponse(upload, null, Context.NONE)
                    .getValue();
            return new StoredBlob(name, content.length(), added.getVersionId(), metadata, asked);
        } catch (BlobStorageException refused) {
            ServiceAnswer answer = ServiceAnswer.of(refused.getResponse(), refused.getMessage());
            if (answer.isNameTakenPerhaps()) {
                return present(name, content, answer, refused);
            }
            throw failures.of(refused);
        } catch (RuntimeException failed) {
            throw failures.of(failed);
        }
    }

    /** Each try reads the bytes from their source anew, so none have to be kept for the next. */
    private static BlockBlobSimpleUploadOptions upload(BlobContent content, Map<String, String> metadata) {
        Flux<ByteBuffer> bytes =
                Flux.using(content.source()::open, FluxUtil::toFluxByteBuffer, BlobContainerStore::closeQuietly);
        return new BlockBlobSimpleUploadOptions(bytes, content.length())
                .setHeaders(new BlobHttpHeaders().setContentType("application/octet-stream"))
                .setMetadata(metadata)
                .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"));
    }

    private static void closeQuietly(InputStream input) {
        try {
            input.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** If the name is taken, it is by the very same bytes, or by others; if not, or if that can't be seen, the answer says what is wrong. */
    private StoredBlob present(String name, BlobContent content, ServiceAnswer answer, BlobStorageException refused) {
        StoreException failure = failures.of(refused);
        Optional<StoredBlob> there;
        try {
            there = find(name);
        } catch (StoreException unseen) {
            failure.addSuppressed(unseen);
            throw failure;
        }
        if (there.isEmpty()) {
            throw failure;
        }
        StoredBlob blob = there.get();
        if (blob.size() == content.length()
                && content.sha256().equals(blob.metadata().get(StoredBlob.SHA_256))) {
            return blob;
        }
        throw answer.isImmutable()
                ? failure
                : new StoreException(answer.failure().withReason(FailureReason.STORE_CONFLICT), refused);
    }

    @Override
    public Optional<StoredBlob> find(String name) {
        BlobClient blob = blob(name);
        try {
            BlobProperties properties = blob.getProperties();
            return Optional.of(new StoredBlob(
                    name,
                    properties.getBlobSize(),
                    properties.getVersionId(),
                    given(properties.getMetadata()),
                    VersionListing.protection(properties.getImmutabilityPolicy(), properties.hasLegalHold())));
        } catch (RuntimeException failed) {
            StoreException known = failures.of(failed);
            if (known.failure().reason() == FailureReason.NOT_FOUND) {
                return Optional.empty();
            }
            throw known;
        }
    }

    @Override
    public InputStream open(String name, @Nullable String version) {
        BlobClient blob = blob(name);
        if (version != null) {
            try {
                return failures.calling(() -> blob.getVersionClient(version).openInputStream());
            } catch (StoreException none) {
                if (!VersionListing.isForLackOfThem(none)) {
                    throw none;
                }
            }
        }
        return failures.calling(blob::openInputStream);
    }

    @Override
    public Stream<StoredBlob> list(String prefix) {
        return list(prefix, true);
    }

    @Override
    public Stream<StoredBlob> listNames(String prefix) {
        return list(prefix, false);
    }

    @Override
    public Stream<BlobVersion> listVersions(String prefix) {
        return new VersionListing(container, pageSize, VersionListing.everything()).list(prefix);
    }

    @Override
    public Stream<BlobVersion> listVersionNames(String prefix) {
        return new VersionListing(container, pageSize, new BlobListDetails()).list(prefix);
    }

    private Stream<StoredBlob> list(String prefix, boolean withMetadata) {
        ListBlobsOptions options = new ListBlobsOptions()
                .setMaxResultsPerPage(pageSize)
                .setPrefix(prefix)
                .setDetails(new BlobListDetails().setRetrieveMetadata(withMetadata));
        Iterator<BlobItem> items =
                failures.calling(() -> container.listBlobs(options, null).iterator());
        failures.calling(items::hasNext);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Listing(items, failures), READ_IN_ORDER), false);
    }

    @Override
    public List<String> folders() {
        return failures.calling(() -> container.listBlobsByHierarchy("").stream()
                .filter(item -> Boolean.TRUE.equals(item.isPrefix()))
                .map(folder -> folder.getName().substring(0, folder.getName().length() - 1))
                .filter(BlobName::isPart)
                .sorted()
                .toList());
    }

    /** Pages are asked for as they are needed, so each step may fail. */
    private record Listing(Iterator<BlobItem> items, BlobFailures failures) implements Iterator<StoredBlob> {
        @Override
        public boolean hasNext() {
            return failures.calling(items::hasNext);
        }

        @Override
        public StoredBlob next() {
            return VersionListing.blob(failures.calling(items::next));
        }
    }

    @Override
    public String location() {
        String url = AccountInHost.withoutStandIn(container.getBlobContainerUrl());
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    @Override
    public String toString() {
        return "container " + location();
    }

    private BlobClient blob(String name) {
        return container.getBlobClient(BlobName.check(name));
    }

    private static Map<String, String> given(@Nullable Map<String, String> metadata) {
        return metadata == null ? Map.of() : metadata;
    }
}
