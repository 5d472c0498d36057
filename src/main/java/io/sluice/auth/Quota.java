package io.sluice.auth;

import io.sluice.config.ByteSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What each party, and all together, may still send through a source: token buckets, for events and
 * for bytes, that may be overdrawn by what was begun.
 *
 * <p>A protocol with answers refuses whoever is overdrawn ({@link #admit}). One without reads no
 * more from them for a while ({@link #take}).
 *
 * <p>Bounded: of too many parties the one that was silent for the longest time is forgotten, and
 * starts with full buckets when it comes again. Shared by a source's event loops; any thread.
 *
 * @see io.sluice.connector.Party
 */
public final class Quota {
  private static final int MOST_PARTIES = 10_000;
  private static final long SECOND = 1_000_000_000L;

  private final @Nullable QuotaConfig config;
  private final LongSupplier nanos;
  private final @Nullable Allowance total;
  private final Map<String, Allowance> parties = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * One of the limits a party is under.
   *
   * @param name {@code events} or {@code bytes}
   * @param quota how many there may be at once
   * @param window in how many seconds that many come again
   * @param left how many there may be now
   * @param reset seconds until there may be any, if there may be none now; else until there may be
   *     as many as ever; rounded up
   */
  public record Limit(String name, long quota, long window, long left, long reset) {}

  /**
   * A quota.
   *
   * @param config absent for none, under which everything is free and nothing is remembered
   */
  public Quota(Optional<QuotaConfig> config) {
    this(config, System::nanoTime);
  }

  Quota(Optional<QuotaConfig> config, LongSupplier nanos) {
    this.config = config.orElse(null);
    this.nanos = nanos;
    this.total =
        config
            .flatMap(QuotaConfig::total)
            .map(all -> allowance(all.events(), all.bytes(), config.get(), nanos.getAsLong()))
            .orElse(null);
  }

  private static Allowance allowance(
      Optional<Integer> events, Optional<ByteSize> bytes, QuotaConfig config, long now) {
    return new Allowance(events, bytes, config.burst().toSeconds(), now);
  }

  /** Whether there is one. */
  public boolean isSet() {
    return config != null;
  }

  /**
   * Takes so much for a party unless it is overdrawn, whole or not at all.
   *
   * @return 0 when it was taken, however much it was; else the nanoseconds until it is worth
   *     another try
   */
  public long admit(String party, long events, long bytes) {
    if (config == null) {
      return 0;
    }
    synchronized (parties) {
      long now = nanos.getAsLong();
      long wait = untilAny(of(party, now), now);
      if (wait == 0) {
        take(of(party, now), events, bytes, now);
      }
      return wait;
    }
  }

  /**
   * Takes so much for a party, even if there is less. What is negative is given back.
   *
   * @return the nanoseconds for which nothing more should be read from it; 0 if it may go on
   */
  public long take(String party, long events, long bytes) {
    if (config == null) {
      return 0;
    }
    synchronized (parties) {
      long now = nanos.getAsLong();
      Allowance own = of(party, now);
      take(own, events, bytes, now);
      return untilAny(own, now);
    }
  }

  /** Where a party stands with each of its own limits; empty without any. */
  public List<Limit> limits(String party) {
    if (config == null) {
      return List.of();
    }
    synchronized (parties) {
      long now = nanos.getAsLong();
      Allowance own = of(party, now);
      List<Limit> limits = new ArrayList<>(2);
      add(limits, "events", own.events(), now);
      add(limits, "bytes", own.bytes(), now);
      return limits;
    }
  }

  private void add(List<Limit> limits, String name, @Nullable Bucket bucket, long now) {
    if (bucket != null && config != null) {
      long wait = bucket.untilAny(now);
      long reset = wait > 0 ? wait : bucket.full(now);
      limits.add(
          new Limit(
              name,
              bucket.most(),
              config.burst().toSeconds(),
              bucket.left(now),
              (reset + SECOND - 1) / SECOND));
    }
  }

  private Allowance of(String party, long now) {
    Allowance known = parties.get(party);
    if (known != null) {
      return known;
    }
    if (parties.size() >= MOST_PARTIES) {
      // In the order in which they came last.
      parties.remove(parties.keySet().iterator().next());
    }
    QuotaConfig each = Objects.requireNonNull(config, "asked where there is a quota");
    Allowance fresh = allowance(each.events(), each.bytes(), each, now);
    parties.put(party, fresh);
    return fresh;
  }

  private void take(Allowance own, long events, long bytes, long now) {
    own.take(events, bytes, now);
    if (total != null) {
      total.take(events, bytes, now);
    }
  }

  private long untilAny(Allowance own, long now) {
    return Math.max(own.untilAny(now), total == null ? 0 : total.untilAny(now));
  }

  /** How many parties are remembered. */
  int parties() {
    synchronized (parties) {
      return parties.size();
    }
  }
}
