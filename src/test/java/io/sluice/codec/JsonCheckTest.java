package io.sluice.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes are written as ISO 8859-1, so that {@code \u00C3\u00A9} stands for C3 A9. */
class JsonCheckTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1",
        "10",
        "1.5",
        "-0.0",
        "1e5",
        "1E+5",
        "1.25e-300",
        "0e0",
        "123456789012345678901234567890",
        "1e999999",
        "\"\"",
        "\"a\"",
        "\"\u007F\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0000\"",
        "\"\\uFFFF\\uAbCd\"",
        "\"\\uD834\\uDd1e\"",
        "\"\\udbff\\udfff!\"",
        "\"\u00C2\u0080\"",
        "\"\u00DF\u00BF\"",
        "\"\u00E0\u00A0\u0080\"",
        "\"\u00ED\u009F\u00BF\"",
        "\"\u00EE\u0080\u0080\"",
        "\"\u00EF\u00BB\u00BF\"",
        "\"\u00EF\u00BF\u00BF\"",
        "\"\u00F0\u0090\u0080\u0080\"",
        "\"\u00F4\u008F\u00BF\u00BF\"",
        "\"\u00E2\u0080\u00A8\"",
        "[]",
        "[ \t\r\n]",
        "{}",
        "{ \t\r\n}",
        "[1]",
        "[1,2]",
        "[ 1 , 2 ]",
        "[[],[[]],{}]",
        "{\"\":0}",
        "{\"a\":1,\"a\":2}",
        "{ \"a\" : { \"b\" : [ true , null ] } , \"c\" : \"d\" }",
        "[\"eight or more plain bytes\",\"and \\n an escape\"]"
      })
  void acceptsWhatTheGrammarAllows(String text) {
    assertThat(check(text)).isEqualTo("whole");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "[1~incomplete-json@2",
        "[1,~incomplete-json@3",
        "[~incomplete-json@1",
        "{~incomplete-json@1",
        "{\"a~incomplete-json@3",
        "{\"a\"~incomplete-json@4",
        "{\"a\":~incomplete-json@5",
        "{\"a\":1~incomplete-json@6",
        "{\"a\":1,~incomplete-json@7",
        "\"~incomplete-json@1",
        "\"abcdefgh~incomplete-json@9",
        "\"\\~incomplete-json@2",
        "\"\\u12~incomplete-json@5",
        "tru~incomplete-json@3",
        "-~incomplete-json@1",
        "1.~incomplete-json@2",
        "1e~incomplete-json@2",
        "1e+~incomplete-json@3",
        "[1,]~invalid-json@3",
        "[,1]~invalid-json@1",
        "[1,,2]~invalid-json@3",
        "[1 2]~invalid-json@3",
        "[1}~invalid-json@2",
        "{]~invalid-json@1",
        "{\"a\":1]~invalid-json@6",
        "{,}~invalid-json@1",
        "{\"a\":1,}~invalid-json@7",
        "{a:1}~invalid-json@1",
        "{1:1}~invalid-json@1",
        "{'a':1}~invalid-json@1",
        "{\"a\",1}~invalid-json@4",
        "{\"a\" 1}~invalid-json@5",
        "{\"a\":}~invalid-json@5",
        "{\"a\"::1}~invalid-json@5",
        "]~invalid-json@0",
        "}~invalid-json@0",
        ",~invalid-json@0",
        ":~invalid-json@0",
        "'a'~invalid-json@0",
        "+1~invalid-json@0",
        ".5~invalid-json@0",
        "01~invalid-json@1",
        "-01~invalid-json@2",
        "[00]~invalid-json@2",
        "1.x~invalid-json@2",
        "[1.]~invalid-json@3",
        "[1.e5]~invalid-json@3",
        "[1ee5]~invalid-json@3",
        "[0x1]~invalid-json@2",
        "[- 1]~invalid-json@2",
        "[--1]~invalid-json@2",
        "[1_000]~invalid-json@2",
        "True~invalid-json@0",
        "trUe~invalid-json@2",
        "nul1~invalid-json@3",
        "[truefalse]~invalid-json@5",
        "undefined~invalid-json@0",
        "\"\\x41\"~invalid-json@2",
        "\"\\'\"~invalid-json@2",
        "\"\\U0041\"~invalid-json@2",
        "\"\\u12G4\"~invalid-json@5",
        "\"\\u-123\"~invalid-json@3",
        "\"\\ud800\\u12x4\"~invalid-json@11",
        "[\u000B]~invalid-json@1",
        "[\u00C2\u00A0]~invalid-json@1",
        "[\u00E2\u0080\u00A8]~invalid-json@1",
        "#~invalid-json@0",
        "1 2~trailing-text@2",
        "{}{}~trailing-text@2",
        "{} x~trailing-text@3",
        "[]]~trailing-text@2",
        "truex~trailing-text@4",
        "1x~trailing-text@1",
        "\"a\"\"b\"~trailing-text@3",
        "1,~trailing-text@1",
        "NaN~not-finite@0",
        "[NaN]~not-finite@1",
        "Infinity~not-finite@0",
        "-Infinity~not-finite@1",
        "{\"a\":-Infinity}~not-finite@6",
        "-NaN~not-finite@1",
        "//x⏎1~comment@0",
        "/**/1~comment@0",
        "[1/*x*/]~comment@2",
        "{/*x*/}~comment@1",
        "{\"a\"//x⏎:1}~comment@4",
        "1 // x~comment@2",
        "[1,/~invalid-json@3",
        "\"\u0000\"~control-character@1",
        "\"abcdefgh\u001Fi\"~control-character@9",
        "\"a\tb\"~control-character@2",
        "\"a⏎b\"~control-character@2",
        "{\"a␍b\":1}~control-character@3",
        "\"\u0080\"~invalid-utf8@1",
        "\"\u00BF\"~invalid-utf8@1",
        "\"\u00C0\u00AF\"~invalid-utf8@1",
        "\"\u00C1\u00BF\"~invalid-utf8@1",
        "\"\u00C3\"~invalid-utf8@1",
        "\"\u00C3\u00C3\"~invalid-utf8@1",
        "\"\u00E0\u0080\u00AF\"~invalid-utf8@1",
        "\"\u00E0\u009F\u00BF\"~invalid-utf8@1",
        "\"\u00ED\u00A0\u0080\"~invalid-utf8@1",
        "\"\u00ED\u00BF\u00BF\"~invalid-utf8@1",
        "\"\u00E2\u0080\"~invalid-utf8@1",
        "\"\u00E2\u0080x\"~invalid-utf8@1",
        "\"\u00F0\u0080\u0080\u0080\"~invalid-utf8@1",
        "\"\u00F0\u008F\u00BF\u00BF\"~invalid-utf8@1",
        "\"\u00F4\u0090\u0080\u0080\"~invalid-utf8@1",
        "\"\u00F0\u0090\u0080\"~invalid-utf8@1",
        "\"\u00F5\u0080\u0080\u0080\"~invalid-utf8@1",
        "\"\u00FE\"~invalid-utf8@1",
        "\"\u00FF\"~invalid-utf8@1",
        "\"plain, then \u00E9t\u00E9\"~invalid-utf8@13",
        "\u00FF\u00FE{\u0000~invalid-utf8@0",
        "\u00EF\u00BB\u00BF{}~byte-order-mark@0",
        "[\u00EF\u00BB\u00BF]~byte-order-mark@1",
        "\"\\ud800\"~lone-surrogate@1",
        "\"\\udc00\"~lone-surrogate@1",
        "\"\\udc00\\ud800\"~lone-surrogate@1",
        "\"\\ud800\\ud800\\udc00\"~lone-surrogate@1",
        "\"\\ud800x\"~lone-surrogate@1",
        "\"\\ud800\\n\"~lone-surrogate@1",
        "\"\\ud834\\u0041\"~lone-surrogate@1",
        "{\"a\\ud800\":1}~lone-surrogate@3",
      })
  void refusesAnythingElse(String text, String expected) {
    assertThat(check(text.replace('⏎', '\n').replace('␍', '\r'))).isEqualTo(expected);
  }

  @Test
  void findsWhatIsSpecialAtEveryPlaceOfAString() {
    for (int before = 0; before < 24; before++) {
      for (int behind = 0; behind < 12; behind++) {
        String head = "\"" + "x".repeat(before);
        String tail = "y".repeat(behind) + "\"";
        String fault = "@" + head.length();

        assertThat(check(head + tail)).isEqualTo("whole");
        assertThat(check(head + "\\n" + tail)).isEqualTo("whole");
        assertThat(check(head + "\u00C3\u00A9" + tail)).isEqualTo("whole");
        assertThat(check(head + "\u0001" + tail)).isEqualTo("control-character" + fault);
        assertThat(check(head + "\u001F" + tail)).isEqualTo("control-character" + fault);
        assertThat(check(head + "\u00FF" + tail)).isEqualTo("invalid-utf8" + fault);
        assertThat(check(head + "\\ud800" + tail)).isEqualTo("lone-surrogate" + fault);
        assertThat(check(head + "\"" + tail)).isEqualTo("trailing-text@" + (head.length() + 1));
      }
    }
  }

  @Test
  void everyByteIsAsGoodInAStringAsTheGrammarSays() {
    for (int one = 0; one < 0x80; one++) {
      String expected =
          one < 0x20
              ? "control-character@1"
              : one == '"' ? "trailing-text@2" : one == '\\' ? "invalid-json@2" : "whole";

      assertThat(check("\"" + (char) one + "zzzzzzzz\"")).as("byte " + one).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"64,whole", "65,too-deep@64", "10000,too-deep@64"})
  void holdsTheLimitOfDepth(int depth, String expected) {
    assertThat(check("[".repeat(depth) + "]".repeat(depth))).isEqualTo(expected);
  }

  @Test
  void depthOfObjectsAndArraysCountsTogetherAndComesBack() {
    String deep = "{\"a\":[".repeat(32) + "]}".repeat(32);

    assertThat(check(deep)).isEqualTo("whole");
    assertThat(check("[" + deep + "]")).startsWith("too-deep");
    assertThat(check("[" + "[[]],".repeat(1000) + "1]")).isEqualTo("whole");
  }

  @ParameterizedTest
  @CsvSource({
    "1000,0,0,whole",
    "1001,0,0,number-too-long@0",
    "500,500,0,whole",
    "500,501,0,number-too-long@0",
    "1,0,999,whole",
    "1,0,1000,number-too-long@0"
  })
  void holdsTheLimitOfDigits(int whole, int fraction, int exponent, String expected) {
    String number =
        "-"
            + "1".repeat(whole)
            + (fraction == 0 ? "" : "." + "0".repeat(fraction))
            + (exponent == 0 ? "" : "e-" + "1".repeat(exponent));

    assertThat(check(number).replace("@1", "@0")).isEqualTo(expected);
  }

  @Test
  void readsNothingBehindTheEndItWasGiven() {
    byte[] in = "[\"abcdefgh\",12,true,\"\\u1234\",\"\u00C3\u00A9\"]".getBytes(ISO_8859_1);
    for (int to = 1; to < in.length; to++) {
      JsonCheck check = new JsonCheck(in, 64, false);

      assertThat(check.value(0, to)).as("up to " + to).isEqualTo(-1);
      assertThat(check.flaws().offset()).isLessThanOrEqualTo(to);
    }
  }

  @Test
  void aLineFeedEndsTheTextWhenLinesAreChecked() {
    byte[] in = "{\"a\":\n1}".getBytes(UTF_8);
    JsonCheck check = new JsonCheck(in, 64, true);

    assertThat(check.value(0, in.length)).isEqualTo(-1);
    assertThat(check.flaws().flaw()).isEqualTo(Flaw.INCOMPLETE_JSON);
    assertThat(check.flaws().offset()).isEqualTo(5);
  }

  private static String check(String text) {
    return verdict(text.getBytes(ISO_8859_1));
  }

  /** {@code whole}, or the first flaw and its place. */
  static String verdict(byte[] in) {
    JsonCheck check = new JsonCheck(in, 64, false);
    int end = check.value(check.space(0, in.length), in.length);
    if (end >= 0 && !check.flaws().flawed()) {
      int rest = check.space(end, in.length);
      if (rest < in.length) {
        check.flaws().trailing(rest, in.length);
      }
    }
    return check.flaws().flawed()
        ? check.flaws().flaw().word() + "@" + check.flaws().offset()
        : "whole";
  }
}
