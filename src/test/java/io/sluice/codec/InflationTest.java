package io.sluice.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.sluice.codec.Inflation.Failure.Kind;
import io.sluice.harness.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InflationTest {
  private static final byte[] TEXT =
      "{\"id\":1,\"text\":\"a body that is inflated again, and again, and again\"}\n"
          .repeat(9)
          .getBytes(UTF_8);

  @Test
  void namesAreThoseOfHttp() {
    assertThat(Coding.of("")).contains(Coding.IDENTITY);
    assertThat(Coding.of("identity")).contains(Coding.IDENTITY);
    assertThat(Coding.of("GZip ")).contains(Coding.GZIP);
    assertThat(Coding.of("x-gzip")).contains(Coding.GZIP);
    assertThat(Coding.of("deflate")).contains(Coding.DEFLATE);
    assertThat(Coding.of("zstd")).contains(Coding.ZSTD);
    assertThat(Coding.of("br").isPresent()).isEqualTo(Coding.offered().contains(Coding.BR));
    assertThat(Coding.offered()).contains(Coding.GZIP, Coding.DEFLATE, Coding.ZSTD);
    assertThat(Coding.offered()).doesNotContain(Coding.IDENTITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gzip, gzip", "gzip,identity", "compress", "lz4", "gzip;q=1", "br br", "*"})
  void unknownAndStackedCodingsAreNone(String contentEncoding) {
    assertThat(Coding.of(contentEncoding)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void undoesWhatItsEncoderDidAtEveryChunkSize(Coding coding) throws IOException {
    byte[] coded = coded(coding, TEXT);
    for (int chunk = 1; chunk <= coded.length; chunk++) {
      Outcome outcome = inflate(coding, coded, chunk, TEXT.length);

      assertThat(outcome.failure()).as("chunks of " + chunk).isEmpty();
      assertThat(outcome.bytes()).isEqualTo(TEXT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyBodyIsWholeOnlyWhenItsCodingIs(Coding coding) throws IOException {
    assertThat(inflate(coding, coded(coding, new byte[0]), 1, 0).failure()).isEmpty();
    assertThat(kind(inflate(coding, new byte[0], 1, 10)))
        .isEqualTo(coding == Coding.IDENTITY ? Optional.empty() : Optional.of(Kind.TRUNCATED));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBodyCutAnywhereIsTruncated(Coding coding) throws IOException {
    byte[] coded = coded(coding, TEXT);
    for (int cut = 0; cut < coded.length; cut++) {
      byte[] part = Arrays.copyOf(coded, cut);

      assertThat(kind(inflate(coding, part, 7, TEXT.length)))
          .as("cut at " + cut)
          .contains(Kind.TRUNCATED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void moreBehindTheEndIsCorrupt(Coding coding) throws IOException {
    byte[] coded = coded(coding, TEXT);
    byte[] more = Arrays.copyOf(coded, coded.length + 3);
    Arrays.fill(more, coded.length, more.length, (byte) 'x');
    for (int chunk : new int[] {1, 5, coded.length, more.length}) {
      assertThat(kind(inflate(coding, more, chunk, TEXT.length)))
          .as("chunks of " + chunk)
          .contains(Kind.CORRUPT);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void somethingElseIsCorrupt(Coding coding) {
    byte[] plain = "\u007f{\"this\": \"is not compressed at all\"}".repeat(10).getBytes(UTF_8);

    assertThat(kind(inflate(coding, plain, plain.length, 1 << 20))).contains(Kind.CORRUPT);
  }

  @ParameterizedTest
  @EnumSource
  void mayGiveItsLimitAndNoMore(Coding coding) throws IOException {
    byte[] coded = coded(coding, TEXT);

    assertThat(inflate(coding, coded, 50, TEXT.length).failure()).isEmpty();
    assertThat(kind(inflate(coding, coded, 50, TEXT.length - 1))).contains(Kind.TOO_LARGE);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBombStopsAtTheLimit(Coding coding) throws IOException {
    byte[] bomb = bomb(coding, 64 << 20);
    assertThat(bomb.length).isLessThan(300 << 10);
    long[] out = {0};
    try (Inflation inflation = coding.start(8 << 20)) {
      Optional<Inflation.Failure> failure =
          inflation.feed(
              bomb,
              0,
              bomb.length,
              (bytes, offset, length) -> {
                out[0] += length;
                return true;
              });

      assertThat(failure.map(Inflation.Failure::kind)).contains(Kind.TOO_LARGE);
      assertThat(failure.orElseThrow().detail()).contains("8388608 bytes");
      assertThat(out[0]).isLessThanOrEqualTo(8 << 20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOutputThatTakesNoMoreEndsIt(Coding coding) throws IOException {
    byte[] coded = coded(coding, TEXT);
    Region small = new Region(-1, 10);
    try (Inflation inflation = coding.start(1 << 20)) {
      assertThat(inflation.feed(coded, 0, coded.length, small).map(Inflation.Failure::kind))
          .contains(Kind.TOO_LARGE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void mayBeClosedTwiceAndHalfway(Coding coding) throws IOException {
    byte[] coded = coded(coding, TEXT);
    Inflation inflation = coding.start(1 << 20);
    inflation.feed(coded, 0, coded.length / 2, (bytes, offset, length) -> true);
    inflation.close();
    inflation.close();
  }

  @Test
  void noBitOfAGzipCanChangeTheBodyUnseen() throws IOException {
    byte[] body = "a small body, a small body".getBytes(UTF_8);
    byte[] coded = coded(Coding.GZIP, body);
    int unseen = 0;
    for (int bit = 0; bit < 8 * coded.length; bit++) {
      byte[] bad = coded.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));

      Outcome outcome = inflate(Coding.GZIP, bad, 11, 1 << 20);
      if (outcome.failure().isEmpty()) {
        unseen++;
        assertThat(outcome.bytes()).as("bit " + bit).isEqualTo(body);
      }
    }
    // The text flag, time, extra flags, system, and what fills the last byte of the data.
    assertThat(unseen).isBetween(49, 56);
  }

  @Test
  void everyPartOfAGzipHeaderIsRead() throws IOException {
    byte[] plain = coded(Coding.GZIP, TEXT);
    for (int flags = 0; flags < 32; flags++) {
      byte[] coded = withHeader(plain, flags, false);
      byte[] two = concat(coded, withHeader(plain, 31 - flags, false));
      for (int chunk : new int[] {1, 2, 3, 1000}) {
        assertThat(inflate(Coding.GZIP, two, chunk, 1 << 20).bytes()).isEqualTo(concat(TEXT, TEXT));
      }
      if ((flags & 2) != 0) {
        assertThat(kind(inflate(Coding.GZIP, withHeader(plain, flags, true), 1, 1 << 20)))
            .contains(Kind.CORRUPT);
      }
    }
    for (int reserved = 32; reserved < 256; reserved <<= 1) {
      assertThat(kind(inflate(Coding.GZIP, withHeader(plain, reserved, false), 1, 1 << 20)))
          .contains(Kind.CORRUPT);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void severalPiecesAreOneBody(Coding coding) throws IOException {
    byte[] one = coded(coding, TEXT);
    byte[] none = coded(coding, new byte[0]);
    byte[] all = concat(concat(one, none), one);
    for (int chunk : new int[] {1, 13, all.length}) {
      assertThat(inflate(coding, all, chunk, 1 << 20).bytes()).isEqualTo(concat(TEXT, TEXT));
    }
    assertThat(kind(inflate(coding, Arrays.copyOf(all, all.length - 1), 13, 1 << 20)))
        .contains(Kind.TRUNCATED);
    assertThat(kind(inflate(coding, all, 13, 2L * TEXT.length - 1))).contains(Kind.TOO_LARGE);
  }

  @Test
  void deflateMayComeWithoutItsFrame() throws IOException {
    byte[] bare = deflated(TEXT, true);
    for (int chunk = 1; chunk <= bare.length; chunk++) {
      assertThat(inflate(Coding.DEFLATE, bare, chunk, 1 << 20).bytes()).isEqualTo(TEXT);
    }
  }

  @Test
  void deflateWithADictionaryIsCorrupt() {
    Deflater deflater = new Deflater();
    deflater.setDictionary(TEXT);
    deflater.setInput(TEXT);
    deflater.finish();
    byte[] coded = new byte[1000];
    int length = deflater.deflate(coded);
    deflater.end();

    assertThat(kind(inflate(Coding.DEFLATE, Arrays.copyOf(coded, length), 1000, 1 << 20)))
        .contains(Kind.CORRUPT);
  }

  @ParameterizedTest
  @CsvSource({"23,true", "24,false", "27,false"})
  void zstdMayAskForAWindowOfEightMebibytes(int windowLog, boolean taken) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
      zstd.setLong(windowLog);
      zstd.write(TEXT);
    }

    assertThat(inflate(Coding.ZSTD, out.toByteArray(), 100, 1 << 20).failure().isEmpty())
        .isEqualTo(taken);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomBodiesComeBackAndDamagedOnesNeverPassTheirLimit(long seed) throws IOException {
    Random random = new Random(seed);
    for (Coding coding : Coding.values()) {
      for (int round = 0; round < 12; round++) {
        byte[] body = new byte[random.nextInt(50_000)];
        int variety = 1 + random.nextInt(255);
        for (int i = 0; i < body.length; i++) {
          body[i] = (byte) random.nextInt(variety);
        }
        byte[] coded = coded(coding, body);
        int chunk = 1 + random.nextInt(coded.length + 1);
        assertThat(inflate(coding, coded, chunk, body.length).bytes()).isEqualTo(body);

        for (int i = random.nextInt(5); i >= 0 && coded.length > 0; i--) {
          coded[random.nextInt(coded.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Outcome outcome = inflate(coding, coded, chunk, body.length);
        assertThat(outcome.bytes().length).isLessThanOrEqualTo(body.length);
      }
    }
  }

  static LongStream seeds() {
    return Seeds.fresh(1);
  }

  private record Outcome(Optional<Inflation.Failure> failure, byte[] bytes) {}

  private static Optional<Kind> kind(Outcome outcome) {
    return outcome.failure().map(Inflation.Failure::kind);
  }

  private static Outcome inflate(Coding coding, byte[] coded, int chunk, long max) {
    assumeThat(coding == Coding.IDENTITY || Coding.offered().contains(coding)).isTrue();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Inflation.Output output =
        (bytes, offset, length) -> {
          out.write(bytes, offset, length);
          return true;
        };
    try (Inflation inflation = coding.start(max)) {
      for (int at = 0; at < coded.length; at += chunk) {
        int length = Math.min(chunk, coded.length - at);
        Optional<Inflation.Failure> failure = inflation.feed(coded, at, length, output);
        if (failure.isPresent()) {
          return new Outcome(failure, out.toByteArray());
        }
      }
      return new Outcome(inflation.finish(), out.toByteArray());
    }
  }

  private static byte[] coded(Coding coding, byte[] plain) throws IOException {
    return switch (coding) {
      case IDENTITY -> plain.clone();
      case GZIP -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(plain);
        }
        yield out.toByteArray();
      }
      case DEFLATE -> deflated(plain, false);
      case ZSTD -> Zstd.compress(plain);
      case BR -> {
        assumeThat(Coding.offered()).contains(Coding.BR);
        yield Encoder.compress(plain, new Encoder.Parameters().setQuality(4));
      }
    };
  }

  private static byte[] deflated(byte[] plain, boolean bare) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(9, bare);
    try (OutputStream deflate = new DeflaterOutputStream(out, deflater)) {
      deflate.write(plain);
    }
    deflater.end();
    return out.toByteArray();
  }

  /** So many zero bytes, in pieces so that no array of that size is needed. */
  private static byte[] bomb(Coding coding, int size) throws IOException {
    if (coding == Coding.BR) {
      return coded(coding, new byte[size / 2]);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    try (OutputStream to =
        switch (coding) {
          case GZIP -> new GZIPOutputStream(out);
          case ZSTD -> new ZstdOutputStream(out);
          default -> new DeflaterOutputStream(out);
        }) {
      for (int written = 0; written < size; written += zeros.length) {
        to.write(zeros);
      }
    }
    return out.toByteArray();
  }

  /** The gzip {@code plain}, which has a bare header, with the parts that {@code flags} say. */
  private static byte[] withHeader(byte[] plain, int flags, boolean wrongCheck) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(plain, 0, 10);
    if ((flags & 4) != 0) {
      out.writeBytes(new byte[] {3, 0, 'x', 0, 'y'});
    }
    if ((flags & 8) != 0) {
      out.writeBytes("name.json\0".getBytes(UTF_8));
    }
    if ((flags & 16) != 0) {
      out.writeBytes("\0".getBytes(UTF_8));
    }
    byte[] header = out.toByteArray();
    header[3] = (byte) flags;
    if ((flags & 2) != 0) {
      CRC32 sum = new CRC32();
      sum.update(header);
      long check = sum.getValue() ^ (wrongCheck ? 1 : 0);
      header = concat(header, new byte[] {(byte) check, (byte) (check >> 8)});
    }
    return concat(header, Arrays.copyOfRange(plain, 10, plain.length));
  }

  private static byte[] concat(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }
}
