package io.sluice.cli.send;

import java.util.List;

/**
 * What came of a chunk.
 *
 * @param accepted events the server took now or had taken before
 * @param duplicates those of them that the server knew already
 * @param rejections lines that the server named, and why
 * @param rejected events the server refused, named or not
 * @param failed events that nobody refused and nobody took
 * @param retries attempts after the first
 * @param end what makes going on pointless; empty when nothing does
 */
public record Result(
    Chunk chunk,
    long accepted,
    long duplicates,
    List<Rejection> rejections,
    long rejected,
    long failed,
    int retries,
    String end) {

  static Result ended(Chunk chunk, int retries, String end) {
    return new Result(chunk, 0, 0, List.of(), 0, chunk.events(), retries, end);
  }
}
