package io.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.Lease;
import io.sluice.connector.LeaseLostException;
import io.sluice.harness.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLeaseStoreTest {
  private static final Cursor MAY = Cursor.of(Map.of("since", "2026-05-01", "etag", "\"ä\""));

  @TempDir private Path directory;
  private Vertx vertx;
  private Loop loop;
  private FileLeaseStore store;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    loop = Loop.of(vertx);
    store = again();
  }

  @AfterEach
  void close() {
    Loop.wait(vertx.close());
  }

  private FileLeaseStore again() {
    return new FileLeaseStore(vertx, new CursorFiles(directory), "here", Clock.systemUTC());
  }

  private Optional<Lease> acquire() {
    return loop.await(() -> store.acquire("orders"));
  }

  private void commit(Lease lease, Cursor cursor) {
    loop.await(() -> lease.commit(cursor));
  }

  private void release(Lease lease) {
    loop.await(lease::release);
  }

  @Test
  void beginsAtTheStartInItsFirstTerm() {
    Lease lease = acquire().orElseThrow();

    assertThat(lease.cursor()).isEqualTo(Cursor.START);
    assertThat(lease.term()).isEqualTo(1);
  }

  @Test
  void goesOnWhereTheLastHolderStoppedWithTheNextTerm() {
    commit(acquire().orElseThrow(), MAY);
    store = again();

    Lease next = acquire().orElseThrow();

    assertThat(next.cursor()).isEqualTo(MAY);
    assertThat(next.term()).isEqualTo(2);
  }

  @Test
  void isNotGivenTwiceAndAgainAfterItsRelease() {
    Lease first = acquire().orElseThrow();
    assertThat(acquire()).isEmpty();

    release(first);
    release(first);

    assertThat(acquire().orElseThrow().term()).isEqualTo(2);
  }

  @Test
  void refusesTheCommitOfAnOldTermWhichChangesNothing() {
    Lease old = acquire().orElseThrow();
    release(old);
    Lease current = acquire().orElseThrow();
    commit(current, MAY);

    assertThatThrownBy(() -> commit(old, Cursor.START)).isInstanceOf(LeaseLostException.class);

    release(current);
    assertThat(acquire().orElseThrow().cursor()).isEqualTo(MAY);
  }

  @Test
  void aBitThatFlippedIsNoticedWhereverItIs() throws IOException {
    commit(acquire().orElseThrow(), MAY);
    byte[] content = Files.readAllBytes(directory.resolve("orders"));
    for (int at = 0; at < content.length; at++) {
      byte[] damaged = content.clone();
      damaged[at] ^= 16;
      Files.write(directory.resolve("orders"), damaged);
      store = again();

      assertThatThrownBy(this::acquire)
          .isInstanceOf(CursorLostException.class)
          .hasMessageContaining("orders is damaged");
    }
  }

  @Test
  void aFileThatWasCutIsNoticedWhereverItIs() throws IOException {
    commit(acquire().orElseThrow(), MAY);
    byte[] content = Files.readAllBytes(directory.resolve("orders"));
    for (int length = 0; length < content.length; length++) {
      Files.write(directory.resolve("orders"), Arrays.copyOf(content, length));
      store = again();

      assertThatThrownBy(this::acquire).isInstanceOf(CursorLostException.class);
    }
  }

  @Test
  void aLaterVersionIsNoticed() throws IOException {
    byte[] content = new CursorRecord(3, MAY).encode();
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    in.putInt(8, 2);
    CRC32C sum = new CRC32C();
    sum.update(content, 0, content.length - 4);
    in.putInt(content.length - 4, (int) sum.getValue());
    Files.write(directory.resolve("orders"), content);

    assertThatThrownBy(this::acquire)
        .isInstanceOf(CursorLostException.class)
        .hasMessageContaining("is of version 2, and this gateway reads version 1");
  }

  @Test
  void aResetPutsTheOldFileAsideAndBeginsAnew() throws IOException {
    commit(acquire().orElseThrow(), MAY);
    Files.write(directory.resolve("orders"), new byte[] {1}, StandardOpenOption.APPEND);
    store = again();

    loop.await(() -> store.reset("orders"));

    assertThat(acquire().orElseThrow().cursor()).isEqualTo(Cursor.START);
    assertThat(new CursorFiles(directory).sources()).isEqualTo(List.of("orders"));
    try (var files = Files.list(directory)) {
      assertThat(files.filter(file -> file.toString().contains("orders~"))).hasSize(1);
    }
  }

  @Test
  void whatWasHalfWrittenIsIgnored() throws IOException {
    Files.write(directory.resolve(".orders.tmp"), new byte[] {1, 2, 3});

    assertThat(acquire().orElseThrow().cursor()).isEqualTo(Cursor.START);
  }

  @Test
  void aDirectoryThatCannotBeWrittenFailsTheCommitAndKeepsTheCursor() throws IOException {
    Lease lease = acquire().orElseThrow();
    commit(lease, MAY);
    Files.createDirectory(directory.resolve(".orders.tmp"));

    assertThatThrownBy(() -> commit(lease, Cursor.START)).isInstanceOf(IOException.class);

    assertThat(lease.cursor()).isEqualTo(MAY);
  }

  @Test
  void nothingElseThatTheLoopHasDoneAsideWaitsForACursorToBeWritten() throws Exception {
    Lease lease = acquire().orElseThrow();
    WorkerExecutor files = vertx.createSharedWorkerExecutor("files", 1);
    WorkerExecutor cursors = vertx.createSharedWorkerExecutor("sluice-cursors", 1);
    CountDownLatch disk = new CountDownLatch(1);
    Future<Void> slow =
        cursors.executeBlocking(
            () -> {
              disk.await();
              return null;
            });
    try {
      Future<Void> commit = loop.later(() -> lease.commit(MAY));

      assertThat(loop.await(() -> files.executeBlocking(() -> "read"))).isEqualTo("read");

      assertThat(commit.isComplete()).isFalse();
      disk.countDown();
      Loop.wait(commit);
      assertThat(lease.cursor()).isEqualTo(MAY);
    } finally {
      disk.countDown();
      Loop.wait(slow);
    }
  }
}
