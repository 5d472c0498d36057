package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.harness.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PointerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static LongStream seeds() {
    return Seeds.fresh(500);
  }

  private static String find(String pointer, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Pointer found = new Pointer(pointer);
    if (!found.find(bytes, 0, bytes.length)) {
      return "none";
    }
    byte[] value =
        found.isText() && found.isEscaped()
            ? Pointer.unescaped(bytes, found.from(), found.to())
            : java.util.Arrays.copyOfRange(bytes, found.from(), found.to());
    return (found.isText() ? "text " : "other ") + new String(value, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "/id   | {\"id\":\"a\"} | text a",
        "/id   | {\"x\":{\"id\":1},\"y\":[\"id\"], \"id\" : 17 } | other 17",
        "/id   | {\"id\":true} | other true",
        "/id   | {\"id\":null} | none",
        "/id   | {\"id\":{}} | none",
        "/id   | {\"id\":[1]} | none",
        "/id   | {\"no\":1} | none",
        "/id   | [] | none",
        "/id   | 17 | none",
        "/id   | {\"id\":1,\"id\":2} | other 1",
        "/id   | {\"\\u0069d\":1} | other 1",
        "/id   | {\"id\":\"a\\u0062\\n\\ud83d\\ude00\"} | text ab\\n😀",
        "/a/b  | {\"a\":{\"c\":[{}],\"b\":\"x\"}} | text x",
        "/a/1  | {\"a\":[{\"q\":[1,2]},\"x\"]} | text x",
        "/a/2  | {\"a\":[1,2]} | none",
        "/0/1  | [[],\"x\"] | none",
        "/a/01 | {\"a\":[1,2]} | none",
        "/a~1b | {\"a/b\":1} | other 1",
        "/m~0n | {\"m~n\":1} | other 1",
        "/     | {\"\":1} | other 1",
        "/id   | {\"id\":\"a | none",
        "/id   | {\"id\" | none",
        "/id   | {\"x\":} | none",
        "/id   | {\"id\": | none",
      })
  void findsWhatThePointerNames(String pointer, String json, String value) {
    assertThat(find(pointer, json)).isEqualTo(value.replace("\\n", "\n"));
  }

  /** Beside a real parser, over random documents; cut off anywhere it must not read on. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithAParser(long seed) throws IOException {
    Random random = new Random(seed);
    JsonNode document = value(random, 4);
    String pointer = "/" + name(random) + (random.nextBoolean() ? "/" + name(random) : "");
    String text = random.nextBoolean() ? document.toString() : document.toPrettyString();

    JsonNode named = document.at(pointer);

    String expected =
        named.isTextual()
            ? "text " + named.textValue()
            : named.isNumber() || named.isBoolean() ? "other " + named : "none";
    assertThat(find(pointer, text)).isEqualTo(expected);
    find(pointer, text.substring(0, random.nextInt(text.length() + 1)));
  }

  private static String name(Random random) {
    return new String[] {"a", "b", "0", "1", "ü"}[random.nextInt(5)];
  }

  private static JsonNode value(Random random, int depth) {
    int dice = random.nextInt(depth == 0 ? 4 : 7);
    var nodes = JSON.getNodeFactory();
    if (dice == 0) {
      return nodes.numberNode(random.nextInt());
    } else if (dice == 1) {
      return nodes.textNode("x\"\\\n" + random.nextInt(9) + "}],ü😀");
    } else if (dice == 2) {
      return nodes.booleanNode(random.nextBoolean());
    } else if (dice == 3) {
      return nodes.nullNode();
    } else if (dice == 4) {
      var array = nodes.arrayNode();
      for (int i = random.nextInt(4); i > 0; i--) {
        array.add(value(random, depth - 1));
      }
      return array;
    }
    var object = nodes.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(name(random), value(random, depth - 1));
    }
    return object;
  }

  @Test
  void whatIsNoPointerIsRefused() {
    assertThatThrownBy(() -> By.parse("id/x")).hasMessageContaining("JSON pointer");
    assertThatThrownBy(() -> By.parse("/a~2")).hasMessageContaining("~0");
    assertThat(By.parse("/a~0~1/b").text()).isEqualTo("/a~0~1/b");
  }
}
