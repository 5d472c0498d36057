package io.sluice.source.poll.http;

import io.sluice.codec.Inflation;
import io.sluice.codec.RecordStream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;

/**
 * Reads one answer: undoes its content coding, takes it apart and puts what is whole, and reads on
 * once there is room. Confined to the event loop of its poll.
 */
final class Body {
  /**
   * Bytes that are inflated in one step: with gzip, at most a thousand times as many come out,
   * about as many as a batch has.
   */
  private static final int STEP = 256;

  private final HttpClientResponse answer;
  private final Exchange exchange;
  private final boolean plain;
  private final Inflation inflation;
  private final RecordStream records;
  private final Harvest harvest;
  private final long maxBytes;
  private final Promise<Void> read = Promise.promise();
  private Optional<RecordStream.Failure> bad = Optional.empty();
  private byte[] chunk = {};
  private int at;
  private boolean ended;
  private boolean waiting;
  private boolean checked;

  Body(
      HttpClientResponse answer,
      Exchange exchange,
      boolean plain,
      Inflation inflation,
      RecordStream records,
      Harvest harvest,
      long maxBytes) {
    this.answer = answer;
    this.exchange = exchange;
    this.plain = plain;
    this.inflation = inflation;
    this.records = records;
    this.harvest = harvest;
    this.maxBytes = maxBytes;
  }

  /** Reads to the end; all whole batches are put then. */
  Future<Void> read() {
    exchange.broken().onFailure(this::fail);
    answer.exceptionHandler(this::fail);
    answer.endHandler(
        end -> {
          ended = true;
          go();
        });
    answer.handler(
        next -> {
          exchange.received(next.length());
          chunk = next.getBytes();
          at = 0;
          go();
        });
    answer.fetch(1);
    return read.future().onComplete(done -> inflation.close());
  }

  private void go() {
    try {
      if (!waiting && work() && !read.future().isComplete()) {
        if (ended) {
          finish();
        } else {
          answer.fetch(1);
        }
      }
    } catch (RuntimeException | Error failure) {
      fail(failure);
    }
  }

  /** Works on what is there; whether all of it is done. */
  private boolean work() {
    while (!read.future().isComplete()) {
      if (harvest.full()) {
        if (!await(harvest.put())) {
          return false;
        }
      } else if (!await(harvest.count())) {
        return false;
      } else if (at < chunk.length) {
        int length = plain ? chunk.length - at : Math.min(STEP, chunk.length - at);
        feed(length);
        at += length;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Goes on once there is room; whether there is already. */
  private boolean await(Future<Void> room) {
    if (room.succeeded()) {
      return true;
    }
    waiting = true;
    exchange.hold();
    room.onComplete(
        came -> {
          waiting = false;
          exchange.goOn();
          if (came.failed()) {
            fail(came.cause());
          } else {
            go();
          }
        });
    return false;
  }

  private void feed(int length) {
    Optional<Inflation.Failure> failure =
        inflation.feed(
            chunk,
            at,
            length,
            (bytes, offset, size) -> {
              bad = records.feed(bytes, offset, offset + size);
              return bad.isEmpty();
            });
    if (bad.isPresent()) {
      fail(harvest.overwhelmed() ? Faults.tooLarge(maxBytes) : Faults.body(bad.get()));
    } else if (failure.isPresent()) {
      fail(Faults.coding(failure.get(), maxBytes));
    }
  }

  private void finish() {
    if (!checked) {
      checked = true;
      Optional<Inflation.Failure> failure = inflation.finish();
      Optional<RecordStream.Failure> open = records.finish();
      if (failure.isPresent()) {
        fail(Faults.coding(failure.get(), maxBytes));
      } else {
        open.ifPresent(broken -> fail(Faults.body(broken)));
      }
    }
    if (work()) {
      harvest.close();
      read.tryComplete();
    }
  }

  private void fail(Throwable why) {
    read.tryFail(why);
  }
}
