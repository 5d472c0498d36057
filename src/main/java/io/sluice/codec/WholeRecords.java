package io.sluice.codec;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The elements of one JSON text that is an array, or else the text itself. */
final class WholeRecords implements RecordStream {
  private final Output out;
  private @Nullable Elements elements;
  private boolean array;
  private boolean closed;

  WholeRecords(Output out) {
    this.out = out;
  }

  @Override
  public Optional<Failure> feed(byte[] in, int from, int to) {
    int at = elements == null ? space(in, from, to) : from;
    if (at == to) {
      return Optional.empty();
    }
    Elements inside = elements;
    if (inside == null) {
      array = in[at] == '[';
      inside = array ? Elements.array(out) : Elements.value(out);
      elements = inside;
      at += array ? 1 : 0;
    }
    if (!inside.done()) {
      at = inside.feed(in, at, to);
    }
    if (at < 0) {
      return inside.failure();
    }
    if (array && inside.done() && at < to && !closed) {
      closed = true;
      at++;
    }
    return space(in, at, to) == to
        ? Optional.empty()
        : Optional.of(new Failure(Flaw.TRAILING_TEXT, "more text behind the value"));
  }

  private static int space(byte[] in, int from, int to) {
    int at = from;
    while (at < to && Elements.space(in[at])) {
      at++;
    }
    return at;
  }

  @Override
  public Optional<Failure> finish() {
    Elements inside = elements;
    if (inside == null) {
      return Optional.of(new Failure(Flaw.EMPTY, "no JSON value"));
    }
    inside.finish();
    return inside.done() && closed == array
        ? Optional.empty()
        : Optional.of(new Failure(Flaw.INCOMPLETE_JSON, "the value is not complete"));
  }

  @Override
  public Map<String, String> values() {
    return Map.of();
  }
}
