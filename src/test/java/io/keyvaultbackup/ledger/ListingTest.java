package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of listings that failed. */
class ListingTest {

    private static final Failure FIREWALL = new Failure(FailureReason.FIREWALL, 403, "Forbidden", "No.", "id-1", null);

    @Test
    void whatFailedForOneReasonIsToldOnceInTheOrderOfTheKinds() {
        Failure asked = new Failure(FailureReason.FIREWALL, 403, "Forbidden", "No.", "id-2", Duration.ofSeconds(9));

        List<Incident> all = Listing.incidents(List.of(
                new Listing(ObjectKind.CERTIFICATE, 0, asked),
                new Listing(ObjectKind.KEY, 7, asked),
                new Listing(ObjectKind.SECRET, 0, FIREWALL)));
        List<Incident> two = Listing.incidents(List.of(
                new Listing(ObjectKind.CERTIFICATE, 0, asked),
                new Listing(ObjectKind.KEY, 0, null),
                new Listing(ObjectKind.SECRET, 0, FIREWALL)));

        assertThat(all).containsExactly(new Incident("listing of secrets, keys and certificates", FIREWALL));
        assertThat(two).containsExactly(new Incident("listing of secrets and certificates", FIREWALL));
        assertThat(Listing.incidents(List.of(new Listing(ObjectKind.KEY, 7, asked))))
                .containsExactly(new Incident("listing of keys", asked));
        assertThat(Listing.incidents(List.of(new Listing(ObjectKind.KEY, 7, null))))
                .isEmpty();
    }

    @Test
    void whatFailedForDifferentReasonsIsToldSeparately() {
        List<Failure> others = List.of(
                FIREWALL.withReason(FailureReason.ROLE_MISSING),
                FIREWALL.withMessage("Still no."),
                new Failure(FailureReason.FIREWALL, 401, "Forbidden", "No.", "id-1", null),
                new Failure(FailureReason.FIREWALL, 403, "ForbiddenByFirewall", "No.", "id-1", null));

        assertThat(others)
                .allSatisfy(other -> assertThat(Listing.incidents(List.of(
                                new Listing(ObjectKind.CERTIFICATE, 0, FIREWALL),
                                new Listing(ObjectKind.KEY, 0, other),
                                new Listing(ObjectKind.SECRET, 0, FIREWALL))))
                        .containsExactly(
                                new Incident("listing of secrets and certificates", FIREWALL),
                                new Incident("listing of keys", other)));
    }
}
