package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.harness.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchTest {
  private static final Instant RECEIVED = Instant.parse("2024-05-06T07:08:09Z");
  private static final Origin ORIGIN =
      new Origin("app", Origin.ANONYMOUS, "application/json", RECEIVED);

  static LongStream seeds() {
    return Seeds.fresh(100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void holdsItsEventsWhateverLiesBetweenThem(long seed) {
    Sample sample = Sample.random(new Random(seed));

    assertHolds(sample.batch, sample.events);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aSliceOfASliceHoldsThoseEventsOverTheSameRegion(long seed) {
    Random random = new Random(seed);
    Sample sample = Sample.random(random);
    Batch batch = sample.batch;
    List<Expected> events = sample.events;

    for (int depth = 0; depth < 4; depth++) {
      int from = random.nextInt(events.size());
      int to = from + 1 + random.nextInt(events.size() - from);
      batch = batch.slice(from, to);
      events = events.subList(from, to);

      assertHolds(batch, events);
      assertThat(batch.region()).isSameAs(sample.batch.region());
      assertThat(batch.lines()).isEqualTo(sample.batch.lines());
      assertThat(batch.origin()).isEqualTo(ORIGIN);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void cuttingAndJoiningGivesTheSameEvents(long seed) {
    Random random = new Random(seed);
    Sample sample = Sample.random(random);
    List<Batch> parts = new ArrayList<>();
    for (int from = 0; from < sample.events.size(); ) {
      int to = from + 1 + random.nextInt(sample.events.size() - from);
      parts.add(sample.batch.slice(from, to));
      from = to;
    }

    Batch joined = Batch.join(parts);

    assertHolds(joined, sample.events);
    assertThat(joined.lines()).isEqualTo(sample.batch.lines());
    assertThat(joined.columns().isEmpty()).isEqualTo(sample.batch.columns().isEmpty());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void joinsStrangersAndKeepsWhatEachHas(long seed) {
    Random random = new Random(seed);
    List<Batch> batches = new ArrayList<>();
    List<Expected> events = new ArrayList<>();
    boolean lines = true;
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      Sample sample = Sample.random(random);
      batches.add(sample.batch);
      events.addAll(sample.events);
      lines &= sample.batch.lines();
    }

    Batch joined = Batch.join(batches);

    assertHolds(joined, events);
    assertThat(joined.lines()).isEqualTo(lines);
    // A last line joined to what is not lines may leave its line feed behind, and never weighs
    // more.
    int bytes = batches.stream().mapToInt(Batch::bytes).sum();
    assertThat(joined.bytes()).isBetween(lines ? bytes : bytes - 1, bytes);
    assertThat(joined.weight())
        .isLessThanOrEqualTo(batches.stream().mapToLong(Batch::weight).sum());
  }

  @Test
  void oneBatchJoinedIsItself() {
    Batch batch = Batch.single(new byte[] {1, 2}, ORIGIN);

    assertThat(Batch.join(List.of(batch))).isSameAs(batch);
  }

  @Test
  void theWholeSliceIsTheBatchItself() {
    Batch batch = Batch.single(new byte[] {1, 2}, ORIGIN);

    assertThat(batch.slice(0, 1)).isSameAs(batch);
  }

  @Test
  void aSinglePayloadMayBeEmpty() {
    Batch batch = Batch.single(new byte[0], ORIGIN);

    assertThat(batch.size()).isOne();
    assertThat(batch.bytes()).isZero();
    assertThat(batch.weight()).isEqualTo(8);
    assertThat(batch.event(0).payload().remaining()).isZero();
  }

  @Test
  void refusesBoundsThatAreNotEventsOfTheRegion() {
    byte[] region = new byte[10];

    for (int[] bounds :
        new int[][] {{}, {1}, {-1, 2}, {3, 2}, {0, 4, 3, 5}, {0, 11}, {0, 5, 5, 11}}) {
      assertThatThrownBy(() -> Batch.of(region, bounds, false, ORIGIN, Columns.NONE))
          .as(Arrays.toString(bounds))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aLineNeedsRoomForItsLineFeed() {
    byte[] region = {'a', 'b'};

    assertThatThrownBy(() -> Batch.of(region, new int[] {0, 2}, true, ORIGIN, Columns.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesSlicesOfNothingAndBeyondItself() {
    Batch batch = Batch.of(new byte[4], new int[] {0, 2, 2, 4}, false, ORIGIN, Columns.NONE);

    assertThatThrownBy(() -> batch.slice(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> batch.slice(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> batch.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> batch.event(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void nobodyWritesThroughAnEvent() {
    ByteBuffer payload = Batch.single(new byte[] {1}, ORIGIN).event(0).payload();

    assertThat(payload.isReadOnly()).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void leavesOutWhatIsAskedAndKeepsTheRest(long seed) {
    Random random = new Random(seed);
    Sample sample = Sample.random(random);
    BitSet left = new BitSet();
    List<Expected> stay = new ArrayList<>();
    for (int i = 0; i < sample.events.size(); i++) {
      boolean last = stay.isEmpty() && i == sample.events.size() - 1;
      left.set(i, !last && random.nextBoolean());
      if (!left.get(i)) {
        stay.add(sample.events.get(i));
      }
    }
    Batch batch = sample.batch.numbered(Sequence.of("a", 7, sample.events.size()));

    Batch kept = batch.without(left);

    assertHolds(kept, stay);
    assertThat(kept.lines()).isEqualTo(batch.lines());
    assertThat(kept.sequence()).isEmpty();
  }

  @Test
  void partsOfASessionThatGoOnJoinToOneAndOthersToNone() {
    Batch batch =
        Batch.of(new byte[6], new int[] {0, 2, 2, 4, 4, 6}, false, ORIGIN, Columns.NONE)
            .numbered(new Sequence("a", 5, 7));

    assertThat(batch.slice(1, 3).sequence()).contains(new Sequence("a", 6, 7));
    assertThat(Batch.join(List.of(batch.slice(0, 1), batch.slice(1, 3))).sequence())
        .contains(new Sequence("a", 5, 7));
    assertThat(Batch.join(List.of(batch.slice(0, 1), batch.slice(2, 3))).sequence()).isEmpty();
    assertThat(batch.numbered(new Sequence("a", 1, 7)).slice(1, 3).sequence()).isEmpty();
    assertThatThrownBy(() -> batch.numbered(new Sequence("a", 5, 6)))
        .hasMessage("2 numbers for 3 events");
  }

  private static void assertHolds(Batch batch, List<Expected> events) {
    assertThat(batch.size()).isEqualTo(events.size());
    for (int i = 0; i < events.size(); i++) {
      Event event = batch.event(i);
      Expected expected = events.get(i);
      assertThat(event.payload()).isEqualTo(ByteBuffer.wrap(expected.payload));
      assertThat(event.id()).isEqualTo(expected.id);
      assertThat(event.key()).isEqualTo(expected.key);
      assertThat(event.time()).isEqualTo(expected.time.orElse(RECEIVED));
      assertThat(event.attributes()).isEqualTo(expected.attributes);
    }
    assertThat(batch.bytes()).isEqualTo(batch.to() - batch.from());
    assertThat(batch.weight()).isEqualTo(batch.bytes() + 8L * batch.size() + weight(events));
    if (batch.lines()) {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      events.forEach(
          event -> {
            lines.writeBytes(event.payload);
            lines.write('\n');
          });
      assertThat(Arrays.copyOfRange(batch.region(), batch.from(), batch.to()))
          .isEqualTo(lines.toByteArray());
    }
  }

  /** What the columns weigh: their characters, and 16 bytes a value. */
  private static long weight(List<Expected> events) {
    long weight = 0;
    for (Expected event : events) {
      weight += event.id.map(id -> id.length() + 16).orElse(0);
      weight += event.key.map(key -> key.length() + 16).orElse(0);
      weight += event.time.isPresent() ? 16 : 0;
      for (Map.Entry<String, String> each : event.attributes.entrySet()) {
        weight += each.getKey().length() + each.getValue().length() + 16;
      }
    }
    return weight;
  }

  /** What a batch should say of one event. */
  private record Expected(
      byte[] payload,
      Optional<String> id,
      Optional<String> key,
      Optional<Instant> time,
      Map<String, String> attributes) {}

  /** A batch, and what went into it. */
  private record Sample(Batch batch, List<Expected> events) {
    static Sample random(Random random) {
      int size = 1 + random.nextInt(12);
      boolean lines = random.nextBoolean();
      boolean ids = random.nextInt(3) == 0;
      boolean keys = random.nextInt(3) == 0;
      boolean times = random.nextInt(3) == 0;
      boolean attributes = random.nextInt(3) == 0;
      ByteArrayOutputStream region = new ByteArrayOutputStream();
      int[] bounds = new int[2 * size];
      List<Expected> events = new ArrayList<>();
      junk(random, region);
      for (int i = 0; i < size; i++) {
        byte[] payload = new byte[random.nextInt(20)];
        random.nextBytes(payload);
        if (lines) {
          for (int at = 0; at < payload.length; at++) {
            if (payload[at] == '\n') {
              payload[at] = ' ';
            }
          }
        }
        bounds[2 * i] = region.size();
        region.writeBytes(payload);
        bounds[2 * i + 1] = region.size();
        if (lines) {
          region.write('\n');
        } else {
          junk(random, region);
        }
        events.add(
            new Expected(
                payload,
                maybe(ids, random, "id" + random.nextInt()),
                maybe(keys, random, "key" + random.nextInt(3)),
                maybe(times, random, Instant.ofEpochSecond(random.nextInt())),
                attributes ? Map.of("subject", "s" + random.nextInt()) : Map.of()));
      }
      junk(random, region);
      Columns columns =
          new Columns(
              ids ? column(events, event -> event.id.orElse(null)) : List.of(),
              keys ? column(events, event -> event.key.orElse(null)) : List.of(),
              times ? column(events, event -> event.time.orElse(null)) : List.of(),
              attributes ? events.stream().map(Expected::attributes).toList() : List.of());
      return new Sample(Batch.of(region.toByteArray(), bounds, lines, ORIGIN, columns), events);
    }

    private static void junk(Random random, ByteArrayOutputStream region) {
      byte[] junk = new byte[random.nextInt(5)];
      random.nextBytes(junk);
      region.writeBytes(junk);
    }

    private static <T> Optional<T> maybe(boolean column, Random random, T value) {
      return column && random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private static <T> List<T> column(
        List<Expected> events, java.util.function.Function<Expected, T> of) {
      List<T> column = new ArrayList<>();
      events.forEach(event -> column.add(of.apply(event)));
      return column;
    }
  }
}
