package io.sluice.source.poll.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sluice.config.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Text in which {@code {cursor}} stands for how far the upstream was read.
 *
 * @param text as the operator wrote it
 */
@Text(what = "a text in which {cursor} stands for the cursor")
public record Template(String text) {
  private static final String CURSOR = "{cursor}";

  /** Takes any text. */
  public static Template parse(String text) {
    return new Template(text);
  }

  boolean asksForCursor() {
    return text.contains(CURSOR);
  }

  private String filled(UnaryOperator<String> encoding, String cursor) {
    return text.replace(CURSOR, encoding.apply(cursor));
  }

  /**
   * As a URL; the cursor is percent-encoded.
   *
   * @throws IllegalArgumentException when it is none
   */
  URI url(String cursor) {
    return URI.create(filled(Urls::encode, cursor));
  }

  /** As a body; in a JSON string the cursor stays within its quotes. */
  String body(String cursor) {
    return filled(
        raw -> String.valueOf(JsonStringEncoder.getInstance().quoteAsString(raw)), cursor);
  }

  /** As the value of a header, which it may not fit. */
  String header(String cursor) {
    return filled(UnaryOperator.identity(), cursor);
  }

  /** What is wrong with it as a URL, as the end of a sentence. */
  Optional<String> wrongUrl() {
    try {
      URI empty = new URI(filled(raw -> raw, "0"));
      if (Urls.wrong(empty).isPresent()) {
        return Urls.wrong(empty);
      }
      URI other = new URI(filled(raw -> raw, "1"));
      return Urls.origin(empty).equals(Urls.origin(other))
          ? Optional.empty()
          : Optional.of("must not have the cursor in its scheme, host or port");
    } catch (URISyntaxException bad) {
      return Optional.of("must be a URL, in which {cursor} alone has braces; " + bad.getReason());
    }
  }
}
