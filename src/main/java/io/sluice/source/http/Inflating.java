package io.sluice.source.http;

import io.sluice.codec.Coding;
import io.sluice.codec.Inflation;
import io.sluice.codec.Region;
import io.sluice.net.Problem;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Undoes a body's content coding within the room there is, and with more room again when that was
 * not enough. What a body inflates to is not known beforehand, and room has to be taken before; so
 * nothing is held that is not counted, whatever the ratio. The attempts together cost little more
 * than the last.
 */
final class Inflating {
  private static final int LEAST = 64 << 10;
  private static final int USUAL_RATIO = 8;

  private final Coding coding;
  private final byte[] body;
  private final int size;
  private final long max;
  private long most;

  /**
   * @param max how many bytes may come out at most
   */
  Inflating(Coding coding, byte[] body, int size, long max) {
    this.coding = coding;
    this.body = body;
    this.size = size;
    this.max = max;
    this.most = Math.min(max, Math.max(LEAST, (long) size * USUAL_RATIO));
  }

  /** Bytes that the next attempt needs, the body as it was sent among them. */
  long most() {
    return size + most;
  }

  /** Makes one attempt; calls exactly one of the first three. */
  void attempt(
      Aside aside,
      Consumer<Inflating> again,
      Consumer<Problem> fail,
      ObjIntConsumer<byte[]> done,
      Consumer<Throwable> bug) {
    aside.run(
        most(),
        this::attempt,
        came -> {
          Optional<Inflation.Failure> failure = came.failure();
          if (failure.isEmpty()) {
            int inflated = came.region().size();
            done.accept(came.region().release(), inflated);
          } else if (failure.get().kind() == Inflation.Failure.Kind.TOO_LARGE && most < max) {
            most = Math.min(max, most * USUAL_RATIO);
            again.accept(this);
          } else {
            fail.accept(Problems.inflation(failure.get()));
          }
        },
        bug);
  }

  private record Attempt(Region region, Optional<Inflation.Failure> failure) {}

  private Attempt attempt() {
    Region region = new Region(-1, (int) most);
    try (Inflation inflation = coding.start(most)) {
      return new Attempt(region, inflation.feed(body, 0, size, region).or(inflation::finish));
    }
  }
}
