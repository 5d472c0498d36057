package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.flow.Answer;
import io.sluice.flow.Parcel;
import io.sluice.flow.Put;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the stream owes for one batch: its credit when it takes no memory on its way in any more,
 * and a receipt at the level that was asked for. It is due when the log has what is new of the
 * batch, and has what the rest repeats. Confined to the stream's event loop.
 */
final class Ticket {
  private static final BitSet NONE = new BitSet(0);

  private final Put put;
  private final Runnable complete;
  private final Consumer<Answer> answer;
  private BitSet repeated = NONE;
  private @Nullable Batch appended;
  private List<Ticket> followers = List.of();
  private int open;
  private long end;
  private @Nullable Refusal spoiled;
  private List<Runnable> parked = List.of();
  private BitSet elsewhere = NONE;
  private boolean leans;
  private boolean reserves;
  private boolean answered;

  /**
   * For what arrived.
   *
   * @param complete gives its credit back
   * @param answer tells who put it
   */
  Ticket(Put put, Runnable complete, Consumer<Answer> answer) {
    this.put = put;
    this.complete = complete;
    this.answer = answer;
  }

  static Ticket of(Parcel<Put, Answer> parcel) {
    return new Ticket(parcel.content(), parcel::complete, parcel::answer);
  }

  /** What arrived. */
  Batch batch() {
    return put.batch();
  }

  /** What is new of it goes to the log. */
  void append(Batch fresh) {
    appended = fresh;
    open++;
  }

  /** Whether anything of it goes to the log. */
  boolean appends() {
    return appended != null;
  }

  /** What of it goes to the log. */
  Batch appended() {
    if (appended == null) {
      throw new IllegalStateException("nothing of it was appended");
    }
    return appended;
  }

  /** These events of it are there already, or on their way. */
  void repeats(BitSet places) {
    repeated = places;
  }

  int duplicates() {
    return repeated.cardinality();
  }

  /** It repeats something of another that is on its way, and is due when that is there. */
  void follow(Ticket other) {
    if (other.followers.isEmpty()) {
      other.followers = new ArrayList<>();
    }
    other.followers.add(this);
    open++;
  }

  /**
   * Another replica has events of it: they do not count here, and are duplicates.
   *
   * @param places of them, in what was appended
   */
  void elsewhere(BitSet places) {
    elsewhere = places;
    leans = true;
    BitSet all = (BitSet) repeated.clone();
    int at = -1;
    int place = -1;
    for (int each = places.nextSetBit(0); each >= 0; each = places.nextSetBit(each + 1)) {
      for (; place < each; place++) {
        at = repeated.nextClearBit(at + 1);
      }
      all.set(at);
    }
    repeated = all;
  }

  /** The places of events that do not count, in what was appended. */
  BitSet elsewhere() {
    return elsewhere;
  }

  /** It repeats something that another replica has, and nobody here knows when sinks have that. */
  void leans() {
    leans = true;
  }

  /** It has keys reserved. */
  void reserve() {
    reserves = true;
  }

  boolean reserves() {
    return reserves;
  }

  /** Done once its own are settled. */
  void then(Runnable what) {
    if (parked.isEmpty()) {
      parked = new ArrayList<>();
    }
    parked.add(what);
  }

  /** What is to be done once its own are settled; asked once. */
  List<Runnable> then() {
    List<Runnable> all = parked;
    parked = List.of();
    return all;
  }

  /** Who waits for what it appended; asked once. */
  List<Ticket> followers() {
    List<Ticket> all = followers;
    followers = List.of();
    if (leans) {
      all.forEach(Ticket::leans);
    }
    return all;
  }

  /** What it repeats lies before this ordinal. */
  void notBefore(long ordinal) {
    end = Math.max(end, ordinal);
  }

  /** Everything it stands for lies before this ordinal. */
  long end() {
    return end;
  }

  /** Something it waits for is in the log, before {@code ordinal}. */
  void resolved(long ordinal) {
    notBefore(ordinal);
    open--;
  }

  /** Something it waits for never will be. */
  void spoiled(Refusal why) {
    spoiled = why;
    open--;
  }

  /** Whether there is nothing it waits for. */
  boolean due() {
    return open == 0;
  }

  /** Why it is not kept as a whole. */
  Optional<Refusal> spoiled() {
    return Optional.ofNullable(spoiled);
  }

  /** Whether the receipt waits for {@code ack} or more. */
  boolean awaits(Ack ack) {
    return !answered && put.ack().compareTo(ack) >= 0;
  }

  /** The stream has it in memory. */
  void accepted() {
    if (put.ack() == Ack.ACCEPTED) {
      answer(Ack.ACCEPTED);
    }
  }

  /** The log has it: its credit goes home, and its receipt too unless it waits for the sinks. */
  void kept(Ack promise) {
    complete.run();
    if (!answered && (leans || put.ack() != Ack.DELIVERED)) {
      answer(promise);
    }
  }

  /** Every sink has it. */
  void delivered() {
    answer(Ack.DELIVERED);
  }

  void refuse(Refusal why, Duration retryAfter, String detail) {
    complete.run();
    if (!answered) {
      answered = true;
      answer.accept(Answer.of(new Receipt.Refused(why, retryAfter, detail)));
    }
  }

  /** It will not be heard that every sink has it. */
  void abandoned(Duration retryAfter, String detail) {
    answered = true;
    answer.accept(Answer.of(new Receipt.Refused(Refusal.UNKNOWN, retryAfter, detail)));
  }

  private void answer(Ack ack) {
    answered = true;
    int duplicates = duplicates();
    Receipt.Kept kept = new Receipt.Kept(ack, batch().size() - duplicates, duplicates);
    answer.accept(duplicates == 0 ? Answer.of(kept) : Answer.of(kept, repeated));
  }
}
