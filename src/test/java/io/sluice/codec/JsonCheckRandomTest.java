package io.sluice.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.sluice.event.Batch;
import io.sluice.event.Origin;
import io.sluice.harness.Seeds;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random texts, whole and damaged, against jackson-core and the decoder of the JDK. */
class JsonCheckRandomTest {
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
          .build();
  private static final String[] SNIPPETS = {
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "\r",
    "\t",
    "0",
    "-",
    "1e5",
    ".",
    "null",
    "true",
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "\\ud83d\\ude00",
    "é",
    "€",
    "😀",
    "\u0000",
    "\u007f",
    "//",
    "/*",
    "NaN",
    "-Infinity",
    "\ufeff",
    "'",
    "\"a\":",
    "\\/",
    "\\u",
    "\u2028"
  };

  @ParameterizedTest
  @MethodSource("seeds")
  void agreesWithJacksonOnWholeAndDamagedTexts(long seed) {
    Random random = new Random(seed);
    int whole = 0;
    for (int round = 0; round < 12_000; round++) {
      StringBuilder text = new StringBuilder();
      value(random, 0, text);
      byte[] in = text.toString().getBytes(UTF_8);
      for (int damages = random.nextInt(4); damages > 0; damages--) {
        in = damaged(random, in);
      }
      String verdict = JsonCheckTest.verdict(in);
      if (verdict.equals("whole")) {
        whole++;
      }
      assertThat(verdict.equals("whole"))
          .as("seed %s round %s: %s says %s", seed, round, new String(in, UTF_8), verdict)
          .isEqualTo(oracle(in));
    }
    assertThat(whole).as("seed " + seed).isBetween(1_500, 6_500);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aBodyOfLinesIsItsLinesOneByOne(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder body = new StringBuilder();
      for (int lines = random.nextInt(8); lines >= 0; lines--) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(5) > 0) {
          value(random, 0, text);
        }
        if (random.nextInt(4) == 0) {
          text.insert(random.nextInt(text.length() + 1), SNIPPETS[random.nextInt(SNIPPETS.length)]);
        }
        body.append(text).append(random.nextInt(5) == 0 ? "\r" : "");
        body.append(lines == 0 && random.nextBoolean() ? "" : "\n");
      }
      byte[] bytes = body.toString().getBytes(UTF_8);
      int from = random.nextInt(3);
      byte[] region = new byte[from + bytes.length + 1];
      System.arraycopy(bytes, 0, region, from, bytes.length);

      Split split =
          new Splitter(Limits.USUAL)
              .split(
                  Shape.NDJSON,
                  region,
                  from,
                  from + bytes.length,
                  new Origin("in", Origin.ANONYMOUS, "application/json", Instant.EPOCH),
                  true);

      assertThat(told(split))
          .as("seed %s round %s: %s", seed, round, body)
          .isEqualTo(model(new String(bytes, UTF_8)));
    }
  }

  static LongStream seeds() {
    return Seeds.fresh(2);
  }

  /** The events, then the places of the faults. */
  private static List<String> told(Split split) {
    return split.fold(
        new Split.Cases<>() {
          @Override
          public List<String> taken(Split.Taken taken) {
            Batch batch = taken.batch();
            assertThat(batch.lines()).isTrue();
            List<String> told = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
              told.add(UTF_8.decode(batch.event(i).payload()).toString());
              assertThat(batch.region()[batch.end(i)]).isEqualTo((byte) '\n');
              assertThat(batch.start(i)).isEqualTo(i == 0 ? batch.from() : batch.end(i - 1) + 1);
            }
            taken.rejected().forEach(fault -> told.add(place(fault)));
            return told;
          }

          @Override
          public List<String> nothing(Split.Nothing nothing) {
            return List.of();
          }

          @Override
          public List<String> refused(Split.Refused refused) {
            return refused.faults().stream().map(JsonCheckRandomTest::place).toList();
          }
        });
  }

  private static String place(Fault fault) {
    return fault.index() + " in line " + fault.line();
  }

  private static List<String> model(String body) {
    List<String> events = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    int index = 0;
    String[] lines = body.split("\n", -1);
    for (int line = 0; line < lines.length; line++) {
      String text = lines[line].replaceAll("^[ \t\r]+|[ \t\r]+$", "");
      if (!text.isEmpty()) {
        if (oracle(text.getBytes(UTF_8))) {
          events.add(text);
        } else {
          faults.add(index + " in line " + (line + 1));
        }
        index++;
      }
    }
    events.addAll(faults);
    return events;
  }

  private static boolean oracle(byte[] in) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(in)).toString();
      JsonParser parser = JACKSON.createParser(new StringReader(text));
      int depth = 0;
      int values = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        values += depth == 0 ? 1 : 0;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if ((token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING)
            && !UTF_8.newEncoder().canEncode(parser.getText())) {
          return false;
        }
      }
      return values == 1;
    } catch (CharacterCodingException wrong) {
      return false;
    } catch (IOException wrong) {
      return false;
    }
  }

  private static byte[] damaged(Random random, byte[] in) {
    int at = random.nextInt(in.length + 1);
    int to = Math.min(in.length, at + random.nextInt(3));
    byte[] put =
        switch (random.nextInt(4)) {
          case 0 -> new byte[0];
          case 1 -> new byte[] {(byte) random.nextInt(256)};
          case 2 -> Arrays.copyOfRange(in, at, to);
          default -> SNIPPETS[random.nextInt(SNIPPETS.length)].getBytes(UTF_8);
        };
    int drop = random.nextBoolean() ? 0 : to - at;
    byte[] out = new byte[in.length - drop + put.length];
    System.arraycopy(in, 0, out, 0, at);
    System.arraycopy(put, 0, out, at, put.length);
    System.arraycopy(in, at + drop, out, at + put.length, in.length - at - drop);
    return out.length == 0 ? in : out;
  }

  private static void value(Random random, int depth, StringBuilder out) {
    switch (random.nextInt(depth > 5 ? 5 : 8)) {
      case 0 -> out.append(random.nextBoolean() ? "true" : "null");
      case 1 -> out.append(random.nextInt(1000) - 500);
      case 2 -> out.append(random.nextGaussian() * 1e10);
      case 3, 4 -> string(random, out);
      case 5 -> list(random, depth, "[", "]", false, out);
      default -> list(random, depth, "{", "}", true, out);
    }
  }

  private static void list(
      Random random, int depth, String open, String close, boolean named, StringBuilder out) {
    out.append(open);
    for (int i = random.nextInt(5); i > 0; i--) {
      if (named) {
        string(random, out);
        out.append(random.nextInt(4) == 0 ? " : " : ":");
      }
      value(random, depth + 1, out);
      out.append(i == 1 ? "" : random.nextInt(4) == 0 ? " ,\t" : ",");
    }
    out.append(close);
  }

  private static void string(Random random, StringBuilder out) {
    out.append('"');
    for (int i = random.nextInt(12); i > 0; i--) {
      out.append(
          switch (random.nextInt(8)) {
            case 0 -> "\\n";
            case 1 -> "\\u00E9";
            case 2 -> "é";
            case 3 -> random.nextInt(4) == 0 ? "\\ud83d\\ude00" : "😀";
            default -> "abcdefgh".substring(random.nextInt(8));
          });
    }
    out.append('"');
  }
}
