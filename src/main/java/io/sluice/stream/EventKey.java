package io.sluice.stream;

import io.sluice.event.Batch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hashes what tells an event from others. A JSON string and a number of the same letters are not
 * the same; numbers are as they are written, so {@code 1} and {@code 1.0} are two. Confined to one
 * thread at a time.
 */
final class EventKey {
  private static final long OTHER = 1;

  private final String by;
  private final Optional<Pointer> pointer;
  private final SipHash hash;

  EventKey(By by, SipHash hash) {
    this.by = by.text();
    this.pointer = this.by.startsWith("/") ? Optional.of(new Pointer(this.by)) : Optional.empty();
    this.hash = hash;
  }

  String by() {
    return by;
  }

  SipHash hash() {
    return hash;
  }

  /** Hashes an event's; false when it has none. */
  boolean of(Batch batch, int event) {
    return pointer.isPresent()
        ? at(pointer.get(), batch, event)
        : text(by.equals("id") ? batch.columns().ids() : batch.columns().keys(), event);
  }

  private boolean at(Pointer found, Batch batch, int event) {
    byte[] region = batch.region();
    if (!found.find(region, batch.start(event), batch.end(event))) {
      return false;
    }
    if (found.isText() && found.isEscaped()) {
      text(Pointer.unescaped(region, found.from(), found.to()));
    } else {
      hash.hash(region, found.from(), found.to(), found.isText() ? 0 : OTHER);
    }
    return true;
  }

  private boolean text(List<@Nullable String> column, int event) {
    String value = column.isEmpty() ? null : column.get(event);
    if (value == null) {
      return false;
    }
    text(value.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private void text(byte[] bytes) {
    hash.hash(bytes, 0, bytes.length, 0);
  }
}
