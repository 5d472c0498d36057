package io.sluice.source.poll;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.Lease;
import io.sluice.connector.LeaseLostException;
import io.sluice.connector.LeaseStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store in memory that can fail, and give a lease to somebody else. */
final class FakeLeases implements LeaseStore {
  final List<Cursor> commits = new ArrayList<>();
  Cursor cursor = Cursor.START;
  boolean elsewhere;
  boolean damaged;
  boolean expired;
  boolean broken;
  boolean slow;
  int resets;
  int releases;
  long term;
  private Promise<Void> lost = Promise.promise();
  private Promise<Void> wanted = Promise.promise();
  private final List<Promise<Void>> writing = new ArrayList<>();

  @Override
  public Future<Optional<Lease>> acquire(String source) {
    if (damaged) {
      return Future.failedFuture(new CursorLostException("cursors/orders is damaged"));
    }
    if (elsewhere) {
      return Future.succeededFuture(Optional.empty());
    }
    lost = Promise.promise();
    wanted = Promise.promise();
    return Future.succeededFuture(Optional.of(new FakeLease(++term)));
  }

  @Override
  public Future<Void> reset(String source) {
    resets++;
    damaged = false;
    cursor = Cursor.START;
    return Future.succeededFuture();
  }

  @Override
  public Optional<Owner> owner(String source) {
    return Optional.empty();
  }

  /** Somebody else should have it. */
  void want() {
    wanted.complete();
  }

  /** Somebody else has it from now on. */
  void take() {
    elsewhere = true;
    term++;
    lost.complete();
  }

  /** Lets the writes that were begun succeed. */
  void write() {
    List<Promise<Void>> all = List.copyOf(writing);
    writing.clear();
    all.forEach(Promise::complete);
  }

  int writing() {
    return writing.size();
  }

  private final class FakeLease implements Lease {
    private final long mine;
    private Cursor committed = cursor;

    FakeLease(long mine) {
      this.mine = mine;
    }

    @Override
    public long term() {
      return mine;
    }

    @Override
    public Cursor cursor() {
      return committed;
    }

    @Override
    public boolean valid() {
      return !expired;
    }

    @Override
    public Future<Void> commit(Cursor next) {
      if (mine != term) {
        return Future.failedFuture(new LeaseLostException("old term"));
      }
      if (broken) {
        return Future.failedFuture(new IOException("no space"));
      }
      Promise<Void> written = Promise.promise();
      if (slow) {
        writing.add(written);
      } else {
        written.complete();
      }
      return written
          .future()
          .onSuccess(
              done -> {
                commits.add(next);
                committed = next;
                cursor = next;
              });
    }

    @Override
    public Future<Void> lost() {
      return lost.future();
    }

    @Override
    public Future<Void> wanted() {
      return wanted.future();
    }

    @Override
    public Future<Void> release() {
      releases++;
      return Future.succeededFuture();
    }
  }
}
