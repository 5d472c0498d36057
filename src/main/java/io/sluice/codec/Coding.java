package io.sluice.codec;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A content coding (RFC 9110 section 8.4.1) that bodies may come in. */
public enum Coding {
  /** As it is. */
  IDENTITY,
  /** RFC 1952, of one or more members. */
  GZIP,
  /** RFC 1950; also bare RFC 1951, which some senders take it for. */
  DEFLATE,
  /** RFC 8878, of one or more frames, with windows up to 8 MiB as RFC 9659 says. */
  ZSTD,
  /** RFC 7932; only where the native library loads. */
  BR;

  private static final List<Coding> OFFERED =
      Arrays.stream(values()).filter(coding -> coding != IDENTITY && coding.available()).toList();

  /**
   * The coding that a {@code Content-Encoding} value names; none when it is unknown, not available
   * here, or more than one.
   */
  public static Optional<Coding> of(String contentEncoding) {
    return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> Optional.of(IDENTITY);
      case "gzip", "x-gzip" -> Optional.of(GZIP);
      case "deflate" -> Optional.of(DEFLATE);
      case "zstd" -> Optional.of(ZSTD);
      case "br" -> Optional.of(BR).filter(Coding::available);
      default -> Optional.empty();
    };
  }

  /** What can be undone here, for {@code Accept-Encoding}; without identity. */
  public static List<Coding> offered() {
    return OFFERED;
  }

  /** The name in HTTP: {@code gzip}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Begins to undo it for one body.
   *
   * @param maxDecoded how many bytes may come out
   */
  public Inflation start(long maxDecoded) {
    Bound bound = new Bound(maxDecoded);
    return switch (this) {
      case IDENTITY -> new IdentityInflation(bound);
      case GZIP -> new GzipInflation(bound);
      case DEFLATE -> new DeflateInflation(bound);
      case ZSTD -> new ZstdInflation(bound);
      case BR -> new BrotliInflation(bound);
    };
  }

  private boolean available() {
    return this != BR || Brotli4jLoader.isAvailable();
  }
}
