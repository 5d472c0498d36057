package io.sluice.admin;

import io.sluice.event.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The gateway as it runs: its parts and how events go between them.
 *
 * @param replica what the gateway that answers is called
 * @param generation how many configurations were put to work
 */
public record Topology(
    String replica,
    long generation,
    List<SourcePart> sources,
    List<StreamPart> streams,
    List<SinkPart> sinks) {

  /**
   * A source.
   *
   * @param state one word: {@code starting}, {@code running}, {@code stopping}, {@code failed}; of
   *     a source that pulls also {@code paused}, {@code standby}, {@code degraded}, {@code waiting}
   *     for its lease and {@code halted}
   * @param address where it listens or what it asks, without secrets
   * @param to the streams it feeds
   * @param interval from one poll to the next, where it pulls
   * @param trouble what is wrong, one sentence
   * @param owner the replica that polls it, and the term of its lease, where it pulls and somebody
   *     does
   */
  public record SourcePart(
      String name,
      String type,
      String state,
      Optional<String> address,
      List<String> to,
      Optional<Duration> interval,
      Optional<String> trouble,
      Optional<OwnerPart> owner) {}

  /**
   * Who polls a source.
   *
   * @param replica its name
   * @param term how many holders its lease had, this one included
   */
  public record OwnerPart(String replica, long term) {}

  /**
   * A stream.
   *
   * @param buffer {@code disk} or {@code memory}
   * @param state one word, as for a source
   * @param first the oldest event that can still be read
   * @param next behind the newest event
   * @param bytes what it holds
   * @param maxBytes what it may hold
   * @param granted bytes of credit its sources hold or have in flight
   * @param trouble what is wrong, one sentence
   */
  public record StreamPart(
      String name,
      String buffer,
      String state,
      Position first,
      Position next,
      long bytes,
      long maxBytes,
      long granted,
      Optional<String> trouble) {}

  /**
   * A sink.
   *
   * @param state one word, as for a source; also {@code retrying}, {@code standing} and {@code
   *     halted}
   * @param from how far it is in each of its streams
   * @param deadLetters what it has put aside
   * @param trouble why it retries, stands or halted, one sentence
   */
  public record SinkPart(
      String name,
      String type,
      String state,
      List<Progress> from,
      DeadLettersPart deadLetters,
      Optional<String> trouble) {}

  /**
   * Events a sink has put aside for good.
   *
   * @param bytes what they take on disk
   * @param maxBytes what they may take
   */
  public record DeadLettersPart(long bytes, long maxBytes) {}

  /**
   * How far a sink is in one stream.
   *
   * @param position behind the last event it has
   * @param lagEvents events it does not have yet
   * @param lag age of the oldest of them, where known
   */
  public record Progress(
      String stream, Position position, long lagEvents, Optional<Duration> lag) {}

  public Topology {
    sources = List.copyOf(sources);
    streams = List.copyOf(streams);
    sinks = List.copyOf(sinks);
  }
}
