package io.sluice.event;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One event of a batch, as a view: it holds the batch, not a copy of the bytes.
 *
 * @param batch the batch it stands in
 * @param index its place there, from 0
 */
public record Event(Batch batch, int index) {
  /** The payload, read-only and backed by the batch's region. */
  public ByteBuffer payload() {
    int start = batch.start(index);
    return ByteBuffer.wrap(batch.region(), start, batch.end(index) - start)
        .slice()
        .asReadOnlyBuffer();
  }

  public Optional<String> id() {
    return at(batch.columns().ids());
  }

  public Optional<String> key() {
    return at(batch.columns().keys());
  }

  /** Whether its payload has no bytes. */
  public boolean empty() {
    return batch.start(index) == batch.end(index);
  }

  /** Whether its sender said when it happened. */
  public boolean timed() {
    return at(batch.columns().times()).isPresent();
  }

  /** When it happened by its sender, or else when the gateway received it. */
  public Instant time() {
    return at(batch.columns().times()).orElse(batch.origin().received());
  }

  /**
   * The media type of the payload, without parameters, lower case: what the attribute {@code
   * datacontenttype} says, or else the origin.
   */
  public String contentType() {
    String own = attributes().get("datacontenttype");
    return own == null ? batch.origin().contentType() : Origin.mediaType(own);
  }

  public Map<String, String> attributes() {
    return at(batch.columns().attributes()).orElse(Map.of());
  }

  private <T> Optional<T> at(
      java.util.List<? extends @org.jspecify.annotations.Nullable T> column) {
    return column.isEmpty() ? Optional.empty() : Optional.ofNullable(column.get(index));
  }
}
