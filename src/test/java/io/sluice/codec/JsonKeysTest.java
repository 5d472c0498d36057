package io.sluice.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import io.sluice.harness.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonKeysTest {
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "1 | -1",
        "\"a\" | -1",
        "[] | -1",
        "{} | -1",
        "[\"a\",\"a\",[\"a\"]] | -1",
        "{\"a\":\"a\",\"b\":[\"b\",\"a\"]} | -1",
        "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":2}} | -1",
        "{\"a\":1,\"A\":1,\"\":1,\" \":1} | -1",
        "{\"a\":1,\"a\":1} | 7",
        "{\"\":1,\"\":1} | 6",
        "{\"a\":{\"b\":1},\"c\":[{},{\"d\":1,\"e\":{},\"d\":0}]} | 35",
        "{\"a\":{\"b\":1},\"a\":{\"b\":1}} | 13",
        "{\"a\":1,\"\\u0061\":1} | 7",
        "{\"é\":1,\"\\u00e9\":1} | 8",
        "{\"€\":1,\"\\u20AC\":1} | 9",
        "{\"😀\":1,\"\\ud83d\\ude00\":1} | 10",
        "{\"\\n\":1,\"\\u000a\":1} | 8",
        "{\"\\\\\":1,\"\\\"\":1,\"/\":1,\"\\/\":1} | 21",
      })
  void findsTheFirstKeyThatItsObjectHasAlready(String json, int place) {
    assertThat(repeated(json)).isEqualTo(place);
  }

  static LongStream seeds() {
    return Seeds.fresh(1);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void agreesWithJackson(long seed) {
    Random random = new Random(seed);
    int found = 0;
    for (int i = 0; i < 3000; i++) {
      StringBuilder json = new StringBuilder();
      write(json, random, 4);
      boolean twice = repeated(json.toString()) >= 0;
      assertThat(twice).as("seed %d: %s", seed, json).isEqualTo(byJackson(json.toString()));
      found += twice ? 1 : 0;
    }
    assertThat(found).as("seed %d", seed).isBetween(300, 2700);
  }

  @Test
  void manyKeysTakeNoQuadraticTime() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 100_000; i++) {
      json.append("\"k").append(i).append("\":1,");
    }
    int at = json.length();

    assertThat(repeated(json + "\"z\":1}")).isEqualTo(-1);
    assertThat(repeated(json + "\"k7\":1}")).isEqualTo(at);
  }

  private static int repeated(String json) {
    byte[] in = json.getBytes(StandardCharsets.UTF_8);
    return new JsonKeys(in, 64).repeated(0, in.length);
  }

  private static void write(StringBuilder json, Random random, int depth) {
    int kind = depth == 0 ? 2 : random.nextInt(3);
    if (kind == 2) {
      json.append(random.nextBoolean() ? "\"a,{\\\"\"" : "-1.5e3");
      return;
    }
    int size = random.nextInt(5);
    json.append(kind == 0 ? "{" : "[ ");
    for (int i = 0; i < size; i++) {
      json.append(i == 0 ? "" : ", ");
      if (kind == 0) {
        key(json, random.nextInt(0x80, 0x90), random.nextBoolean());
      }
      write(json, random, depth - 1);
    }
    json.append(kind == 0 ? "}" : "]");
  }

  private static void key(StringBuilder json, int letter, boolean escaped) {
    json.append('"').append(escaped ? "\\u%04x".formatted(letter) : (char) letter).append("\": ");
  }

  private static boolean byJackson(String json) {
    try (JsonParser parser = STRICT.createParser(json)) {
      while (parser.nextToken() != null) {
        // It throws when there is one.
      }
      return false;
    } catch (StreamReadException twice) {
      return true;
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
