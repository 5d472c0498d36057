package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cursor holds of a file. */
class MarkTest {
  @Test
  void isReadBackAsItWasWritten() {
    Mark plain = new Mark(1024, -1, Mark.State.READING, 0x0a, -1, "a b/name=c d.log");
    Mark packed = new Mark(0, 77, Mark.State.DONE, 0, 0x12345678, "x.gz");

    assertThat(plain.text())
        .isEqualTo("offset=1024 head=0000000a tail=ffffffff name=a b/name=c d.log");
    assertThat(packed.text())
        .isEqualTo("offset=0 packed=77 state=done head=00000000 tail=12345678 name=x.gz");
    assertThat(Mark.parse(plain.text())).contains(plain);
    assertThat(Mark.parse(packed.text())).contains(packed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        " name=",
        "x name=y",
        "offset=1 head=0 name=y",
        "offset=1 head=0 tail=g name=y",
        "offset= head=0 tail=0 name=y",
        "offset=1 state=asleep head=0 tail=0 name=y"
      })
  void whatIsNoneOfOursIsNotRead(String text) {
    assertThat(Mark.parse(text)).isEmpty();
  }
}
