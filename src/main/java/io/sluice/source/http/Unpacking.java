package io.sluice.source.http;

import io.sluice.codec.Coding;
import io.sluice.codec.Split;
import io.sluice.net.Problem;

/**
 * From a body as it was sent to its events: undoes the coding, then splits. Confined to its
 * exchange's event loop, but for what it leaves to {@link Aside}.
 */
final class Unpacking implements Split.Cases<Boolean> {
  /** Whose body it is. */
  interface Owner {
    /** Does something that needs room for so many bytes in all. */
    void withRoom(long bytes, Runnable then);

    void unpacked(Split.Taken split);

    void refuse(Problem problem);

    /** There is a bug. */
    void failed(Throwable bug);
  }

  private final Desk desk;
  private final RequestHead head;
  private final Owner owner;
  private final Aside aside;

  Unpacking(Desk desk, RequestHead head, Owner owner) {
    this.desk = desk;
    this.head = head;
    this.owner = owner;
    this.aside = new Aside(desk.vertx());
  }

  /**
   * Unpacks.
   *
   * @param body given away
   * @param size how many of its bytes count
   */
  void begin(byte[] body, int size) {
    if (head.coding() == Coding.IDENTITY) {
      split(body, size);
    } else {
      inflate(new Inflating(head.coding(), body, size, desk.config().maxBodyBytes().bytes()));
    }
  }

  /** One attempt to undo the coding, within as many bytes as there is room for. */
  private void inflate(Inflating inflating) {
    owner.withRoom(
        Sizes.roomFor(inflating.most()),
        () -> inflating.attempt(aside, this::inflate, owner::refuse, this::split, owner::failed));
  }

  private void split(byte[] body, int size) {
    aside.run(size, () -> desk.split(head, body, size), this::fold, owner::failed);
  }

  private void fold(Split split) {
    try {
      split.fold(this);
    } catch (RuntimeException bug) {
      owner.failed(bug);
    }
  }

  @Override
  public Boolean taken(Split.Taken split) {
    owner.unpacked(split);
    return true;
  }

  @Override
  public Boolean nothing(Split.Nothing split) {
    owner.refuse(Problems.emptyBody());
    return false;
  }

  @Override
  public Boolean refused(Split.Refused split) {
    owner.refuse(Problems.faulty(split));
    return false;
  }
}
