package io.sluice.stream;

import io.sluice.replica.SharedDatabase;
import io.vertx.core.Future;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Replicas agree in the database they share. What is decided there is decided in one call, which
 * the database does to its end or not at all, whatever becomes of the caller.
 *
 * <p>Moments are the database's: this host's are moved by what its clock is off, as far as that is
 * known, so clocks of replicas need not agree.
 */
final class PostgresArbiter implements Arbiter {
  /** How many keys, and sessions, are forgotten in one go. */
  private static final int PART = 5_000;

  /** A longer way tells nothing of clocks. Milliseconds. */
  private static final long PROMPT = 1_000;

  private static final int UNKNOWN = 1;
  private static final int FENCED = 2;

  private final SharedDatabase database;
  private final String stream;
  private final Duration window;
  private final Clock clock;
  private Optional<Place> place = Optional.empty();
  private long ahead;

  /** Where this stream is in the database. */
  private record Place(int stream, UUID log) {}

  /**
   * For one stream.
   *
   * @param stream its name, of which no other one is
   */
  PostgresArbiter(SharedDatabase database, String stream, Sharing sharing, Clock clock) {
    this.database = database;
    this.stream = stream;
    this.window = sharing.dedupe().map(Dedupe::window).orElse(Duration.ZERO);
    this.clock = clock;
  }

  private Future<Row> call(String sql, Tuple values) {
    return database
        .with(AgreementTables.TABLES, connection -> connection.preparedQuery(sql).execute(values))
        .map(rows -> rows.iterator().next());
  }

  @Override
  public Future<Standing> take(
      UUID log, UUID owner, int epoch, long from, long known, long next, boolean lasting) {
    long asked = clock.millis();
    return call(
            "SELECT * FROM sluice_take_1($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            Tuple.of(stream, log, owner, epoch, from, known, next, lasting, interval()))
        .map(
            row -> {
              if (row.getLong("o_term") == null) {
                throw new IllegalStateException(
                    "another process has the journal " + log + ", and a later state of it");
              }
              ahead = row.getLong("o_now") - clock.millis();
              told(row, asked);
              place = Optional.of(new Place(row.getInteger("o_stream"), log));
              UUID key = row.getUUID("o_key");
              return new Standing(
                  row.getLong("o_term"),
                  row.getLong("o_through"),
                  voids(row),
                  key.getMostSignificantBits(),
                  key.getLeastSignificantBits());
            });
  }

  private static NavigableMap<Long, Boolean> voids(Row row) {
    NavigableMap<Long, Boolean> voids = new TreeMap<>();
    for (Long ordinal : row.getArrayOfLongs("o_elsewhere")) {
      voids.put(ordinal, true);
    }
    for (Long ordinal : row.getArrayOfLongs("o_late")) {
      voids.put(ordinal, false);
    }
    return voids;
  }

  /** Takes the database's clock from an answer that did not take long. */
  private void told(Row row, long asked) {
    long now = clock.millis();
    if (now >= asked && now - asked <= PROMPT) {
      ahead = row.getLong("o_now") - now;
    }
  }

  private long there(long millis) {
    return millis + ahead;
  }

  @Override
  public Future<Verdict> decide(UUID log, long term, Claim claim) {
    long asked = clock.millis();
    return call(
            "SELECT * FROM sluice_decide_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                + " $13, $14, $15, $16, $17)",
            values(log, term, claim))
        .map(
            row -> {
              told(row, asked);
              return switch (row.getInteger("o_state")) {
                case UNKNOWN -> new Verdict.Unknown();
                case FENCED -> new Verdict.Fenced();
                default -> new Verdict.Decided(places(row, "o_elsewhere"), places(row, "o_late"));
              };
            });
  }

  private Tuple values(UUID log, long term, Claim claim) {
    List<Claim.Numbered> numbered = claim.numbered();
    List<Claim.Keyed> keyed = claim.keyed();
    return Tuple.tuple()
        .addInteger(place.map(Place::stream).orElseThrow())
        .addUUID(log)
        .addLong(term)
        .addLong(claim.from())
        .addLong(claim.to())
        .addLong(claim.remembered())
        .addArrayOfString(column(numbered, Claim.Numbered::session, String[]::new))
        .addArrayOfLong(column(numbered, Claim.Numbered::first, Long[]::new))
        .addArrayOfLong(column(numbered, Claim.Numbered::last, Long[]::new))
        .addArrayOfLong(column(numbered, Claim.Numbered::base, Long[]::new))
        .addArrayOfInteger(column(numbered, Claim.Numbered::place, Integer[]::new))
        .addArrayOfInteger(column(numbered, Claim.Numbered::size, Integer[]::new))
        .addArrayOfLong(column(numbered, each -> there(each.received()), Long[]::new))
        .addArrayOfUUID(column(keyed, Claim.Keyed::key, UUID[]::new))
        .addArrayOfInteger(column(keyed, Claim.Keyed::place, Integer[]::new))
        .addArrayOfLong(column(keyed, each -> there(each.received()), Long[]::new))
        .addValue(interval());
  }

  private Interval interval() {
    return Interval.of(window);
  }

  private static <C, T> T[] column(List<C> rows, Function<C, T> of, IntFunction<T[]> array) {
    return rows.stream().map(of).toArray(array);
  }

  private static BitSet places(Row row, String column) {
    BitSet places = new BitSet();
    for (Integer each : row.getArrayOfIntegers(column)) {
      places.set(each);
    }
    return places;
  }

  @Override
  public Future<Long> through(String session) {
    return call(
            "SELECT coalesce(max(s.through), 0) AS through FROM sluice_sessions s"
                + " JOIN sluice_streams t ON t.id = s.stream WHERE t.name = $1 AND s.session = $2",
            Tuple.of(stream, session))
        .map(row -> row.getLong("through"));
  }

  @Override
  public Future<Boolean> tidy() {
    return place
        .map(
            known ->
                call(
                        "SELECT sluice_tidy_1($1, $2, $3) AS more",
                        Tuple.of(known.stream(), known.log(), PART))
                    .map(row -> row.getBoolean("more")))
        .orElseGet(() -> Future.succeededFuture(false));
  }
}
