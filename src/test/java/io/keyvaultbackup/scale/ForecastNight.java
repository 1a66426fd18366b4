package io.keyvaultbackup.scale;

import io.keyvaultbackup.scale.Forecast.Bound;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A night as it flows: each vault at work has a rate, which changes only when one of its pod, or a pod, is done. What a vault alone and a place's budget let through
 * is what the real pacers did ({@link PacedNight#rate}); that the rest is right is tested against {@link PacedNight} call by call. For one thread.
 */
final class ForecastNight {

    private final Pods pods;
    private final PlannedVault.Night night;
    private final Sharing sharing;
    private final CostModel model;
    private final Iterator<PlannedVault> waiting;
    private final List<Pod> all;
    private final Map<String, Integer> podsOfPlace = new HashMap<>();
    private final Map<Bound, Double> held = new EnumMap<>(Bound.class);
    private final double ofVault;
    private final double ofListing;
    private final double ofCommon;
    private int podsAtWork;
    private double slowest;
    private double now;

    /** Among how many processes a place's budget is divided. */
    enum Sharing {
        /** All that are at work, wherever their vaults are: what the program does. */
        ALL_PODS,
        /** Those that have a vault of the place: what it might do. */
        PODS_OF_THE_PLACE
    }

    /** A place for one vault in a pod. */
    private static final class Place {
        private @Nullable PlannedVault vault;
        private @Nullable Iterator<PlannedVault.Phase> phases;
        private PlannedVault.@Nullable Phase phase;
        private double left;
        private double began;
        private double since;
        private double rate;
        private double endsAt = Double.POSITIVE_INFINITY;
        private Bound bound = Bound.LARGEST;
    }

    private static final class Pod {
        private final List<Place> places;
        private final Map<String, Integer> vaultsOfPlace = new HashMap<>();
        private boolean isChanged = true;

        private Pod(int vaultsAtOnce) {
            this.places = Stream.generate(Place::new).limit(vaultsAtOnce).toList();
        }
    }

    private ForecastNight(
            List<PlannedVault> inOrder, PlannedVault.Night night, Pods pods, Sharing sharing, CostModel model) {
        this.pods = pods;
        this.night = night;
        this.sharing = sharing;
        this.model = model;
        this.waiting = inOrder.iterator();
        this.all = IntStream.range(0, pods.count())
                .mapToObj(pod -> new Pod(pods.vaultsAtOnce()))
                .toList();
        this.ofVault = PacedNight.rate(pods.budget(), pods.threads(), pods.latency());
        this.ofListing = Math.min(ofVault, 1e9 / Math.max(1, pods.latency().toNanos()));
        this.ofCommon = pods.budget().ofSubscription().perSecond()
                * ofVault
                / pods.budget().perSecond(); // the same loss for the latency
    }

    /** @param inOrder in which they are begun */
    static Forecast of(
            List<PlannedVault> inOrder, PlannedVault.Night night, Pods pods, Sharing sharing, CostModel model) {
        return new ForecastNight(inOrder, night, pods, sharing, model).run();
    }

    private Forecast run() {
        for (int number = 0; number < pods.vaultsAtOnce(); number++) {
            for (Pod pod : all) {
                beginNext(pod, pod.places.get(number));
            }
        }
        while (podsAtWork > 0) {
            all.stream().filter(pod -> pod.isChanged).forEach(this::setRates);
            Pod first = all.getFirst();
            Place next = first.places.getFirst();
            for (Pod pod : all) {
                for (Place place : pod.places) {
                    if (place.endsAt < next.endsAt) {
                        first = pod;
                        next = place;
                    }
                }
            }
            now = next.endsAt;
            first.isChanged = true;
            pass(next);
            endPhase(first, next);
        }
        all.forEach(pod -> pod.places.forEach(this::pass));
        return new Forecast(now, slowest, held);
    }

    /** Until now it went on as it was. */
    private void pass(Place place) {
        place.left -= (now - place.since) * place.rate;
        held.merge(place.bound, now - place.since, Double::sum);
        place.since = now;
    }

    private void endPhase(Pod pod, Place place) {
        PlannedVault vault = Objects.requireNonNull(place.vault);
        Iterator<PlannedVault.Phase> phases = Objects.requireNonNull(place.phases);
        if (phases.hasNext()) {
            PlannedVault.Phase phase = phases.next();
            place.phase = phase;
            place.left = phase.calls();
            return;
        }
        slowest = Math.max(slowest, now - place.began);
        if (pod.vaultsOfPlace.merge(vault.place(), -1, Integer::sum) == 0) {
            count(vault.place(), -1);
        }
        beginNext(pod, place);
    }

    private void beginNext(Pod pod, Place place) {
        boolean wasAtWork = place.vault != null;
        place.phase = null;
        if (waiting.hasNext()) {
            PlannedVault vault = waiting.next();
            place.vault = vault;
            place.phases = vault.phases(night, pods.threads()).iterator();
            place.left = pods.perVault().toNanos() / 1e9;
            place.rate = 1;
            place.bound = Bound.BESIDE;
            place.began = now;
            if (pod.vaultsOfPlace.merge(vault.place(), 1, Integer::sum) == 1) {
                count(vault.place(), 1);
            }
        } else {
            place.vault = null;
            place.rate = 0;
            place.endsAt = Double.POSITIVE_INFINITY;
            place.bound = Bound.LARGEST;
        }
        long others = pod.places.stream()
                .filter(one -> one != place && one.vault != null)
                .count();
        if (others == 0 && wasAtWork != (place.vault != null)) {
            podsAtWork += wasAtWork ? -1 : 1;
            all.forEach(one -> one.isChanged = true);
        }
    }

    /** So many more pods have a vault of this place. */
    private void count(String name, int more) {
        podsOfPlace.merge(name, more, Integer::sum);
        if (sharing == Sharing.PODS_OF_THE_PLACE) {
            all.stream()
                    .filter(pod -> pod.vaultsOfPlace.getOrDefault(name, 0) > 0)
                    .forEach(pod -> pod.isChanged = true);
        }
    }

    private void setRates(Pod pod) {
        pod.places.forEach(this::pass);
        List<Place> calling = pod.places.stream()
                .filter(place -> place.phase != null)
                .sorted(Comparator.comparingDouble(place -> alone(place) / threads(place)))
                .toList();
        calling.stream().map(ForecastNight::nameOf).distinct().forEach(name -> {
            int sharers = sharing == Sharing.ALL_PODS ? podsAtWork : Objects.requireNonNull(podsOfPlace.get(name));
            share(calling.stream().filter(place -> nameOf(place).equals(name)).toList(), ofCommon / sharers);
        });
        holdToTheProcessor(calling);
        for (Place place : pod.places) {
            if (place.vault != null) {
                place.endsAt = now + Math.max(0, place.left) / place.rate;
            }
        }
        pod.isChanged = false;
    }

    private static String nameOf(Place place) {
        return Objects.requireNonNull(place.vault).place();
    }

    private boolean isListing(Place place) {
        return place.phase != null && place.phase.kind() == PlannedVault.Kind.LISTING;
    }

    private double alone(Place place) {
        return isListing(place) ? ofListing : ofVault;
    }

    private static int threads(Place place) {
        return Objects.requireNonNull(place.phase).threads();
    }

    /** As calls are served first come, first served, each that waits has an equal part; who can't use his leaves the rest to the others. */
    private void share(List<Place> leastFirst, double part) {
        double left = part;
        int sharers = leastFirst.stream().mapToInt(ForecastNight::threads).sum();
        for (Place place : leastFirst) {
            double equal = left * threads(place) / sharers;
            sharers -= threads(place);
            place.rate = Math.min(alone(place), equal);
            left -= place.rate;
            if (equal < alone(place)) {
                place.bound = Bound.COMMON;
            } else {
                place.bound = isListing(place) && ofListing < ofVault ? Bound.ANSWERS : Bound.VAULT;
            }
        }
    }

    private void holdToTheProcessor(List<Place> calling) {
        double wanted = calling.stream()
                .mapToDouble(place -> place.rate * model.processorSecondsOfCall(isListing(place)))
                .sum();
        if (wanted > pods.cores()) {
            calling.forEach(place -> {
                place.rate *= pods.cores() / wanted;
                place.bound = Bound.PROCESSOR;
            });
        }
    }
}
