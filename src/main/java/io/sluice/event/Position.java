package io.sluice.event;

/**
 * An event's place in its stream.
 *
 * @param epoch drawn by lot when the stream begins, and one more whenever it lost an unforced tail,
 *     so that an ordinal used twice is still told apart
 * @param ordinal counts events from 0, and also names the event that comes next
 */
public record Position(int epoch, long ordinal) {
  public static final Position START = new Position(0, 0);

  public Position {
    if (epoch < 0 || ordinal < 0) {
      throw new IllegalArgumentException("negative position " + epoch + "/" + ordinal);
    }
  }

  public Position plus(long events) {
    return new Position(epoch, ordinal + events);
  }

  @Override
  public String toString() {
    return epoch + "/" + ordinal;
  }
}
