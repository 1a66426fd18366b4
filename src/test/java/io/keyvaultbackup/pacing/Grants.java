package io.keyvaultbackup.pacing;

/** Leave of the budget above the vaults', one by one, for simulations, which have no threads to wait in it. */
public final class Grants {

    private Grants() {}

    /** As a call at one of the vaults would get it. */
    public static Pacer.Permit of(SubscriptionPacer shared, int cost) throws InterruptedException {
        return shared.acquire(cost, false);
    }
}
