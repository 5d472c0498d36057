package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Ack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much certainty a client asks for, and gets. */
class CertaintyTest {
  @ParameterizedTest
  @CsvSource({
    "ack=accepted, 202, accepted",
    "ack=stored, 202, stored",
    "ack=delivered, 200, delivered",
    "Ack = \"Delivered\"; x=y, 200, delivered"
  })
  void answersAtTheLevelAsked(String prefer, int status, String level) {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}", "Prefer: " + prefer);

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("preference-applied")).isEqualTo("ack=" + level);
      assertThat(answer.body()).contains("\"ack\":\"" + level + "\"");
    }
  }

  @Test
  void holdsWhatIsAskedBetweenFloorAndCeiling() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.ackFloor = Ack.STORED;
                  s.ackCeiling = Ack.STORED;
                });
        RawClient client = server.connect()) {
      for (String level : new String[] {"accepted", "delivered"}) {
        RawClient.Answer answer = client.json("{}", "Prefer: ack=" + level);
        assertThat(answer.header("preference-applied")).isEqualTo("ack=stored");
      }
    }
  }

  @Test
  void sendsNoBodyToWhoWantsNone() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      RawClient.Answer answer =
          client.json("{}", "Prefer: return=minimal, wait=5", "Prefer: ack=delivered");

      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("preference-applied"))
          .isEqualTo("ack=delivered, wait=5, return=minimal");
      assertThat(client.json("{}").header("preference-applied")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ack=stored, ack=accepted|STORED|-1|false|false",
        "wait=10|-|10|false|false",
        "wait=-1, wait=x, wait=99999999|-|999999|false|false",
        "RETURN=minimal, handling=\"lenient\"|-|-1|true|true",
        "return=representation, return=minimal|-|-1|false|false",
        "foo=\"a, ack=stored\", bar, =, handling=strict|-|-1|false|false",
        "ack=nonsense|-|-1|false|false"
      })
  void readsPreferences(String header, String ack, int wait, boolean minimal, boolean lenient) {
    Ack level = ack.equals("-") ? null : Ack.valueOf(ack);

    assertThat(Preferences.read(List.of(header)))
        .isEqualTo(new Preferences(level, wait, minimal, lenient));
  }
}
