package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Inlet;
import io.sluice.connector.Room;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class HomeInletTest {
  private final Promise<Room> credit = Promise.promise();
  private final Deque<Runnable> home = new ArrayDeque<>();
  private final Inlet inlet =
      new HomeInlet(
          new Inlet() {
            @Override
            public Future<Room> reserve(String who, long bytes, Duration wait) {
              return bytes == 0 ? Future.failedFuture("at once") : credit.future();
            }

            @Override
            public Future<Long> through(String session) {
              return Future.succeededFuture(0L);
            }

            @Override
            public long free() {
              return 7;
            }

            @Override
            public Future<Void> close() {
              return Future.succeededFuture();
            }
          },
          home::add);

  @Test
  void whatWasWaitedForIsHeardAtHome() {
    Future<Room> came = inlet.reserve("a", 1, Duration.ofSeconds(1));

    credit.fail("no credit");
    assertThat(came.isComplete()).isFalse();
    home.remove().run();

    assertThat(came.cause()).hasMessage("no credit");
    assertThat(inlet.free()).isEqualTo(7);
  }

  @Test
  void whatIsThereAtOnceIsHeardAtOnce() {
    assertThat(inlet.reserve("a", 0, Duration.ZERO).isComplete()).isTrue();
    assertThat(home).isEmpty();
  }
}
