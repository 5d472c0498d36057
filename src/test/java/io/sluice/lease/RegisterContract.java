package io.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.connector.Cursor;
import io.sluice.connector.LeaseLostException;
import io.sluice.harness.Loop;
import io.sluice.lease.Register.Head;
import io.sluice.lease.Register.Member;
import io.sluice.lease.Register.Taken;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every register has to do. Each test begins with an empty one. */
interface RegisterContract {
  Register register();

  private static Cursor at(String value) {
    return Cursor.of(Map.of("at", value));
  }

  private Optional<Taken> take(Head expected, String holder) {
    return Loop.wait(register().take("orders", expected, holder));
  }

  @Test
  default void aSignOfLifeIsSeenByOthers() {
    Loop.wait(register().beat(new Member("a/1", "1", List.of())));
    Loop.wait(register().beat(new Member("b/1", "7", List.of("orders", "x.y_Z-1"))));

    assertThat(Loop.wait(register().beat(new Member("a/1", "2", List.of()))).members())
        .containsExactlyInAnyOrder(
            new Member("a/1", "2", List.of()),
            new Member("b/1", "7", List.of("orders", "x.y_Z-1")));
  }

  @Test
  default void onlyWhoGaveNoSignSinceIsStruck() {
    Loop.wait(register().beat(new Member("a/1", "1", List.of())));
    Loop.wait(register().beat(new Member("b/1", "2", List.of())));
    Loop.wait(register().strike(new Member("a/1", "1", List.of())));
    Loop.wait(register().strike(new Member("b/1", "1", List.of())));

    assertThat(Loop.wait(register().beat(new Member("c/1", "1", List.of()))).members())
        .extracting(Member::identity)
        .containsExactlyInAnyOrder("b/1", "c/1");
  }

  @Test
  default void aLeaseIsTakenOnceAndTheTermGrows() {
    assertThat(take(Head.NONE, "a/1")).contains(new Taken(1, Cursor.START));
    assertThat(take(Head.NONE, "b/1")).isEmpty();
    assertThat(take(new Head("b/1", 1), "b/1")).isEmpty();
    assertThat(take(new Head("a/1", 1), "b/1")).contains(new Taken(2, Cursor.START));

    assertThat(Loop.wait(register().beat(new Member("a/1", "1", List.of()))).heads())
        .containsExactly(Map.entry("orders", new Head("b/1", 2)));
  }

  @Test
  default void ofManyThatTakeAtOnceOneSucceeds() {
    List<Future<Optional<Taken>>> all =
        IntStream.range(0, 8)
            .mapToObj(i -> register().take("orders", Head.NONE, "r" + i + "/1"))
            .toList();

    assertThat(all.stream().map(Loop::wait).flatMap(Optional::stream)).hasSize(1);
  }

  @Test
  default void theNextHolderBeginsAtTheCursor() {
    take(Head.NONE, "a/1");
    Head mine = new Head("a/1", 1);
    Loop.wait(register().commit("orders", mine, 1, at("5 \u00e9\n\"")));
    Loop.wait(register().commit("orders", mine, 2, at("6")));

    assertThat(take(mine, "b/1")).contains(new Taken(2, at("6")));
  }

  @Test
  default void aFormerHolderIsRefused() {
    take(Head.NONE, "a/1");
    take(new Head("a/1", 1), "b/1");

    assertThatThrownBy(() -> Loop.wait(register().commit("orders", new Head("a/1", 1), 1, at("5"))))
        .isInstanceOf(LeaseLostException.class);
    assertThat(take(new Head("b/1", 2), "a/1")).contains(new Taken(3, Cursor.START));
    assertThatThrownBy(() -> Loop.wait(register().commit("orders", new Head("a/1", 1), 1, at("5"))))
        .isInstanceOf(LeaseLostException.class);
  }

  @Test
  default void aCommitWhoseAnswerWasLostIsRepeated() {
    take(Head.NONE, "a/1");
    Loop.wait(register().commit("orders", new Head("a/1", 1), 1, at("5")));
    Loop.wait(register().commit("orders", new Head("a/1", 1), 1, at("5")));

    assertThat(take(new Head("a/1", 1), "a/1")).contains(new Taken(2, at("5")));
  }

  @Test
  default void aCommitThatComesLateIsRefused() {
    take(Head.NONE, "a/1");
    Loop.wait(register().commit("orders", new Head("a/1", 1), 2, at("6")));

    assertThatThrownBy(() -> Loop.wait(register().commit("orders", new Head("a/1", 1), 1, at("5"))))
        .isNotInstanceOf(LeaseLostException.class);
    assertThat(take(new Head("a/1", 1), "a/1")).contains(new Taken(2, at("6")));
  }

  @Test
  default void onlyItsHolderGivesALeaseUp() {
    take(Head.NONE, "a/1");
    Loop.wait(register().release("orders", new Head("b/1", 1)));
    assertThat(take(new Head("", 1), "b/1")).isEmpty();
    Loop.wait(register().release("orders", new Head("a/1", 1)));

    assertThat(take(new Head("", 1), "b/1")).contains(new Taken(2, Cursor.START));
  }

  @Test
  default void aCursorThatIsPutAsideIsGone() {
    take(Head.NONE, "a/1");
    Loop.wait(register().commit("orders", new Head("a/1", 1), 1, at("5")));
    Loop.wait(register().reset("orders"));

    assertThat(take(new Head("a/1", 1), "a/1")).contains(new Taken(2, Cursor.START));
  }

  @Test
  default void manySourcesAreKeptApart() {
    List<String> names =
        Stream.of("a", "A", "a.b", "a_b", "a-b", "-a", "_a", "x".repeat(64)).toList();
    names.forEach(name -> Loop.wait(register().take(name, Head.NONE, name + "/1")));

    assertThat(Loop.wait(register().beat(new Member("a/1", "1", List.of()))).heads())
        .hasSize(names.size())
        .allSatisfy((name, head) -> assertThat(head).isEqualTo(new Head(name + "/1", 1)));
  }
}
