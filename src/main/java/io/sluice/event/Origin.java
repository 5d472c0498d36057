package io.sluice.event;

import java.time.Instant;
import java.util.Locale;

/**
 * Where the events of one batch came from.
 *
 * @param source the source's name in the configuration
 * @param principal who pushed it; {@link #ANONYMOUS} where nobody had to say
 * @param contentType the media type of each event's payload, without parameters, lower case; of
 *     those that do not say otherwise themselves, see {@link Event#contentType}
 * @param received when the gateway took it, by the wall clock; never used for order
 */
public record Origin(String source, String principal, String contentType, Instant received) {
  public static final String ANONYMOUS = "anonymous";

  /** The media type that a {@code Content-Type} names: without parameters, lower case. */
  public static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** Whether batches of both may travel as one: alike in all but the moment they were received. */
  public boolean alike(Origin other) {
    return source.equals(other.source)
        && principal.equals(other.principal)
        && contentType.equals(other.contentType);
  }
}
