package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.LeaseLostException;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A register in memory. Every call happens at once. */
final class FakeRegister implements Register {
  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, Row> rows = new HashMap<>();

  /** What is kept of a source. */
  record Row(Head head, long commits, Cursor cursor) {
    static final Row NONE = new Row(Head.NONE, 0, Cursor.START);
  }

  Row row(String source) {
    return rows.getOrDefault(source, Row.NONE);
  }

  @Override
  public Future<Snapshot> beat(Member me) {
    members.put(me.identity(), me);
    Map<String, Head> heads = new HashMap<>();
    rows.forEach((source, row) -> heads.put(source, row.head()));
    return Future.succeededFuture(new Snapshot(members.values().stream().toList(), heads));
  }

  @Override
  public Future<Void> strike(Member member) {
    members.computeIfPresent(
        member.identity(), (same, there) -> there.beat().equals(member.beat()) ? null : there);
    return Future.succeededFuture();
  }

  @Override
  public Future<Optional<Taken>> take(String source, Head expected, String holder) {
    Row row = row(source);
    if (!row.head().equals(expected)) {
      return Future.succeededFuture(Optional.empty());
    }
    long term = row.head().term() + 1;
    rows.put(source, new Row(new Head(holder, term), 0, row.cursor()));
    return Future.succeededFuture(Optional.of(new Taken(term, row.cursor())));
  }

  @Override
  public Future<Void> commit(String source, Head head, long number, Cursor cursor) {
    Row row = row(source);
    if (!row.head().equals(head)) {
      return Future.failedFuture(new LeaseLostException("somebody else's"));
    }
    if (number == row.commits()) {
      return Future.succeededFuture();
    }
    if (number < row.commits()) {
      return Future.failedFuture(new IOException("late"));
    }
    rows.put(source, new Row(head, number, cursor));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> release(String source, Head head) {
    Row row = row(source);
    if (row.head().equals(head)) {
      rows.put(source, new Row(new Head("", head.term()), row.commits(), row.cursor()));
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> reset(String source) {
    Row row = row(source);
    rows.put(source, new Row(row.head(), row.commits(), Cursor.START));
    return Future.succeededFuture();
  }
}
