package io.sluice.source.poll.http;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was read to its end.
 *
 * @param changed whether it is another than the one before, which a 304 says it is not
 * @param harvest its records, of which the last batch may have to be put; none where there was no
 *     body
 * @param values what was asked for beside the records, by pointer
 */
record Page(
    boolean changed,
    MultiMap headers,
    @Nullable Harvest harvest,
    Map<String, String> values,
    Pauses.Asked asked) {
  long records() {
    return harvest == null ? 0 : harvest.records();
  }

  List<String> headers(String name) {
    return headers.getAll(name);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
