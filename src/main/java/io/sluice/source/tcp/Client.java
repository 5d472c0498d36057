package io.sluice.source.tcp;

import io.netty.buffer.ByteBuf;
import io.sluice.auth.Brake;
import io.sluice.codec.BadFrame;
import io.sluice.codec.Framing;
import io.sluice.codec.Records;
import io.sluice.event.Batch;
import io.sluice.net.TcpConnection;
import io.sluice.net.TcpPeer;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a TCP source: bytes, records, receipts, farewell. Confined to its hall's loop.
 */
final class Client implements TcpPeer, Outbox.Owner {
  /** What may have come while it waits to be looked through. Bytes. */
  private static final int MOST_QUEUED = 8 << 20;

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private enum Step {
    READING,
    /** Nothing more is taken; what was taken gets its receipts. */
    LEAVING,
    /** Everything is said; the client may read it. */
    LINGERING,
    GONE
  }

  private final Hall hall;
  private final TcpConnection connection;
  private final String principal;
  private final Framing framing;
  private final Outbox outbox;
  private final Brake brake;
  private final Window window = new Window();
  private Step step = Step.READING;
  private String lastWords = "";
  private long told;
  private boolean inputOver;

  /** When something came or was said last. */
  private long since = System.nanoTime();

  /** When the unfinished record began; 0 when there is none. */
  private long begun;

  /**
   * @param party whose room it takes
   */
  Client(Hall hall, TcpConnection connection, String principal, String party) {
    this.hall = hall;
    this.connection = connection;
    this.principal = principal;
    this.framing = hall.config().framing().open(hall.config());
    this.outbox = new Outbox(hall, party, this);
    this.brake = new Brake(hall.vertx(), hall.quota(), party, this::released);
  }

  /** Looks whether its party is over quota before anything is read, if it may stay at all. */
  void begin() {
    if (step == Step.READING) {
      brake.came(0, 0);
      if (brake.isOn()) {
        hold();
      }
    }
  }

  /** The party is no longer over quota; an unfinished record could not go on meanwhile. */
  private void released() {
    begun = begun == 0 ? 0 : System.nanoTime();
    proceed();
  }

  @Override
  public void received(ByteBuf bytes) {
    if (step != Step.READING) {
      return;
    }
    since = System.nanoTime();
    window.append(bytes);
    if (!hall.closed() && !outbox.queues()) {
      digest();
    } else if (hall.closed() ? hall.overrun(bytes.readableBytes()) : window.size() > MOST_QUEUED) {
      say("no-credit", "The stream takes no more at the moment.");
      leave();
    }
  }

  /** Finds the records in what has come, and puts them into the stream. */
  private void digest() {
    if (!outbox.begin(window.size())) {
      hold();
      return;
    }
    byte[] bytes = window.bytes();
    Records records =
        new Records(
            bytes, hall.content(), hall.config().framing() == FramingKind.NEWLINE, this::passOver);
    int rest = framing.find(bytes, 0, window.size(), records);
    take(records, rest < 0 || records.over() ? window.size() : rest);
    outbox.looked();
    if (rest < 0 || records.over()) {
      leave();
      return;
    }
    if (window.size() == 0 && !framing.skipping()) {
      begun = 0;
    } else if (begun == 0 || records.size() > 0) {
      begun = System.nanoTime();
    }
    outbox.pump(window.size());
  }

  private void take(Records records, int rest) {
    if (records.size() == 0) {
      window.drop(rest);
      return;
    }
    window.leave(rest);
    Batch batch = records.batch(hall.origin(principal));
    outbox.add(batch);
    brake.came(batch.size(), batch.bytes());
    if (brake.isOn()) {
      hold();
    }
  }

  private boolean passOver(BadFrame why) {
    if (hall.config().onBadFrame() == OnBadFrame.SKIP) {
      hall.telemetry().refused(why.word());
      return true;
    }
    say(why.word(), why.detail());
    return false;
  }

  /**
   * Counts why the connection ends early, and has it said to the client. The first reason holds.
   */
  private void say(String code, String detail) {
    if (lastWords.isEmpty()) {
      hall.telemetry().refused(code);
      lastWords = "ERR " + code + " " + detail;
    }
  }

  @Override
  public void ended() {
    inputOver = true;
    if (step == Step.READING && !hall.closed() && !outbox.queues()) {
      finish();
    } else if (step == Step.LINGERING) {
      connection.close();
    }
  }

  /** The client has sent its last byte, and everything before was looked through. */
  private void finish() {
    boolean rest = window.size() > 0 || framing.skipping();
    if (rest && hall.config().framing() == FramingKind.NEWLINE && !framing.skipping()) {
      rest = !lastLine();
    }
    if (rest) {
      hall.telemetry().refused("incomplete");
    }
    leave();
  }

  /** Takes the last line without its end, if that is wanted. */
  private boolean lastLine() {
    if (hall.config().lastLine() == LastLine.DROP) {
      return false;
    }
    byte[] bytes = window.bytes();
    int end = window.size();
    end -= bytes[end - 1] == '\r' ? 1 : 0;
    Records records = new Records(bytes, hall.content(), true, this::passOver);
    if (end > 0) {
      records.record(0, end);
    }
    take(records, window.size());
    return true;
  }

  /** Takes nothing more. */
  private void leave() {
    if (step == Step.READING) {
      step = Step.LEAVING;
      brake.close();
      connection.stopReading();
      window.drop(window.size());
      outbox.pump(0);
      moved();
    }
  }

  /** The source is about to stop. */
  void dismiss() {
    if (step == Step.READING) {
      say("draining", "The gateway is shutting down.");
      leave();
    }
  }

  /** There is no more time to wait for anything. */
  void abandon() {
    outbox.giveUp();
    brake.close();
    step = Step.GONE;
    connection.close();
    hall.left(this);
  }

  @Override
  public void refused(String code, String detail) {
    say(code, detail);
    leave();
  }

  @Override
  public void moved() {
    tell();
    if (outbox.settled()) {
      if (step == Step.LEAVING) {
        farewell();
      } else if (step == Step.GONE) {
        hall.left(this);
      }
    }
  }

  /** Says how much is kept, unless the client is behind with reading: then it is told later. */
  private void tell() {
    boolean speaks = step == Step.READING || step == Step.LEAVING;
    if (hall.config().receipts()
        && speaks
        && told < outbox.kept()
        && !connection.writeQueueFull()) {
      told = outbox.kept();
      connection.line(Long.toString(told));
      since = System.nanoTime();
    }
  }

  /** Whether there is a number to tell. */
  private boolean behind() {
    return hall.config().receipts() && told < outbox.kept();
  }

  private void farewell() {
    if (behind()) {
      told = outbox.kept();
      connection.line(Long.toString(told));
    }
    if (!lastWords.isEmpty() && hall.config().speaks()) {
      connection.line(lastWords);
    }
    since = System.nanoTime();
    step = Step.LINGERING;
    if (inputOver) {
      connection.close();
    } else {
      connection.endOutput();
      connection.readOn();
    }
  }

  @Override
  public void drained() {
    tell();
  }

  /** Stops reading: there is no room for what was sent, or more was than may be. */
  void hold() {
    if (step == Step.READING) {
      connection.stopReading();
    }
  }

  /** Goes on with what came meanwhile, and then with reading. */
  void proceed() {
    if (isHeld() || step != Step.READING) {
      return;
    }
    since = System.nanoTime();
    begun = begun == 0 || window.size() > Outbox.FREE ? begun : since;
    if (window.size() > 0) {
      digest();
    }
    if (isHeld() || step != Step.READING) {
      return;
    }
    if (inputOver) {
      finish();
    } else {
      connection.readOn();
    }
  }

  private boolean isHeld() {
    return hall.closed() || brake.isOn() || outbox.queues();
  }

  /** What came may be looked through now, which it could not be before. */
  @Override
  public void begins() {
    released();
  }

  /** Looks at the deadlines. */
  void check(long now) {
    switch (step) {
      case READING -> checkReading(now);
      case LEAVING -> checkReader(now);
      case LINGERING -> {
        if (now - since > hall.config().idleTimeout().toNanos()) {
          connection.cut();
        } else if (now - since > LINGER_NANOS) {
          connection.close();
        }
      }
      case GONE -> {}
    }
  }

  private void checkReading(long now) {
    boolean held = hall.closed();
    boolean late = begun != 0 && now - begun > hall.config().recordWithin().toNanos();
    if (brake.isOn() || outbox.queues()) {
      checkReader(now);
    } else if (late && (!held || window.size() > Outbox.FREE)) {
      say("record-too-slow", "The record did not arrive in time.");
      leave();
    } else if (!held
        && outbox.settled()
        && !behind()
        && now - since > hall.config().idleTimeout().toNanos()) {
      say("idle", "Nothing came for too long.");
      leave();
    } else {
      checkReader(now);
    }
  }

  private void checkReader(long now) {
    if (behind() && now - since > hall.config().idleTimeout().toNanos()) {
      hall.telemetry().refused("slow-reader");
      connection.cut();
    }
  }

  @Override
  public void closed() {
    if (step == Step.READING && (window.size() > 0 || framing.skipping())) {
      hall.telemetry().refused("aborted");
    }
    brake.close();
    boolean leaves = step != Step.GONE;
    step = Step.GONE;
    window.drop(window.size());
    outbox.pump(0);
    if (leaves && outbox.settled()) {
      hall.left(this);
    }
  }
}
