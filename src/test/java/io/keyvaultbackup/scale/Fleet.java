package io.keyvaultbackup.scale;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Vaults of skewed sizes, the same for the same seed: logarithms of sizes are spread normally, with a few large vaults that have most of the objects.
 *
 * @param vaults in no order, as names are
 */
record Fleet(List<PlannedVault> vaults, int places) {

    /** So that a fifth of the vaults has four fifths of the objects. */
    private static final double SKEW = 1.7;

    /** @param places so many subscriptions and geographies, among which the vaults are spread evenly */
    static Fleet of(long seed, int vaults, long objects, int largest, int places) {
        Random random = new Random(seed);
        double[] sizes = IntStream.range(0, vaults)
                .mapToDouble(vault -> Math.exp(SKEW * random.nextGaussian()))
                .toArray();
        double factor = factor(sizes, objects, largest);
        List<PlannedVault> planned = new ArrayList<>();
        for (int number = 0; number < vaults; number++) {
            planned.add(
                    new PlannedVault(number, size(sizes[number], factor, largest), "place-" + random.nextInt(places)));
        }
        return new Fleet(List.copyOf(planned), places);
    }

    private static int size(double share, double factor, int largest) {
        return Math.clamp(Math.round(share * factor), 1, largest);
    }

    /** By which all shares are multiplied, so that they come to so many objects though none is larger than the largest may be. */
    private static double factor(double[] shares, long objects, int largest) {
        double low = 0;
        double high = objects;
        for (int halving = 0; halving < 100; halving++) {
            double factor = (low + high) / 2;
            long sum = 0;
            for (double share : shares) {
                sum += size(share, factor, largest);
            }
            if (sum < objects) {
                low = factor;
            } else {
                high = factor;
            }
        }
        return high;
    }

    long objects() {
        return vaults.stream().mapToLong(PlannedVault::objects).sum();
    }

    long calls(PlannedVault.Night night) {
        return vaults.stream().mapToLong(vault -> vault.calls(night)).sum();
    }

    /** As they are taken once it is known how long each takes; in a first night they are taken by their names. */
    List<PlannedVault> largestFirst() {
        return vaults.stream()
                .sorted(Comparator.comparingInt(PlannedVault::objects).reversed())
                .toList();
    }

    PlannedVault largest() {
        return largestFirst().getFirst();
    }

    int median() {
        return largestFirst().get(vaults.size() / 2).objects();
    }
}
