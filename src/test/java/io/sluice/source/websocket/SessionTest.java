package io.sluice.source.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Sequence;
import org.junit.jupiter.api.Test;

/** What makes a session. */
class SessionTest {
  @Test
  void aTokenIsNeverGivenOutTwice() {
    Session one = Session.fresh("live", "me");

    assertThat(Session.plausible(one.token())).isTrue();
    assertThat(Session.fresh("live", "me").token()).isNotEqualTo(one.token());
    assertThat(Session.of(one.token(), "live", "me")).isEqualTo(one);
  }

  @Test
  void aTokenInOtherHandsIsAnotherSession() {
    Session mine = Session.fresh("live", "me");

    assertThat(Session.of(mine.token(), "live", "you").key()).isNotEqualTo(mine.key());
    assertThat(Session.of(mine.token(), "other", "me").key()).isNotEqualTo(mine.key());
    assertThat(Session.of(mine.token(), "liv", "eme").key()).isNotEqualTo(mine.key());
  }

  @Test
  void itsKeySaysWhoseItIs() {
    String mine = Sequence.owner(Session.fresh("live", "me").key());

    assertThat(mine).isNotEmpty().isEqualTo(Sequence.owner(Session.fresh("live", "me").key()));
    assertThat(mine).isNotEqualTo(Sequence.owner(Session.fresh("live", "you").key()));
  }

  @Test
  void itsTokenShowsInNoText() {
    Session mine = Session.fresh("live", "me");

    assertThat(mine.toString()).doesNotContain(mine.token());
  }
}
