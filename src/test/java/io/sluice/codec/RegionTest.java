package io.sluice.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegionTest {
  @Test
  void holdsTheChunksAndAByteToSpare() {
    Region region = new Region(5, 100);
    assertThat(region.append(Buffer.buffer("ab"))).isTrue();
    assertThat(region.append(Buffer.buffer("cde"))).isTrue();

    assertThat(region.size()).isEqualTo(5);
    byte[] bytes = region.release();

    assertThat(new String(bytes, 0, 5, UTF_8)).isEqualTo("abcde");
    assertThat(bytes.length).isGreaterThan(5);
    assertThat(region.size()).isZero();
  }

  @Test
  void aBodyOfTheExpectedSizeIsOneArrayOfIt() {
    Region region = new Region(10_000, 1 << 20);
    region.append(Buffer.buffer(new byte[10_000]));

    assertThat(region.release()).hasSize(10_001);

    Region small = new Region(5, 1 << 20);
    small.append(Buffer.buffer("abc"));
    small.append(Buffer.buffer("de"));

    assertThat(small.release()).hasSize(6);
  }

  @Test
  void takesItsLimitAndNothingOfAChunkBeyond() {
    Region region = new Region(-1, 5);

    assertThat(region.append(Buffer.buffer("abcd"))).isTrue();
    assertThat(region.append(Buffer.buffer("ef"))).isFalse();
    assertThat(region.append(Buffer.buffer("e"))).isTrue();
    assertThat(region.append(Buffer.buffer("f"))).isFalse();
    assertThat(new String(region.release(), 0, 5, UTF_8)).isEqualTo("abcde");
  }

  @Test
  void aPromiseOfMuchCostsNothingUntilItComes() {
    Region region = new Region(1 << 30, 1 << 30);
    region.append(Buffer.buffer("x"));

    assertThat(region.release().length).isLessThan(1024);
  }

  @Test
  void whatIsReleasedIsHardlyLargerThanItsBody() {
    Random random = new Random(7);
    for (int chunks = 0; chunks < 200; chunks++) {
      Region region = new Region(random.nextBoolean() ? -1 : random.nextInt(5000), 1 << 20);
      Buffer all = Buffer.buffer();
      for (int i = 0; i < chunks; i++) {
        byte[] chunk = new byte[random.nextInt(300)];
        random.nextBytes(chunk);
        all.appendBytes(chunk);
        assertThat(region.append(chunk, 0, chunk.length)).isTrue();
      }
      int size = region.size();
      byte[] bytes = region.release();

      assertThat(Buffer.buffer(bytes).getBuffer(0, size)).isEqualTo(all);
      assertThat(bytes.length).isBetween(size + 1, size + 65 + size / 4);
    }
  }
}
