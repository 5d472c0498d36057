package io.sluice.source.poll.http;

import io.sluice.codec.Coding;
import io.sluice.codec.RecordStream;
import io.sluice.codec.Shape;
import io.sluice.connector.Intake;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollException;
import io.sluice.event.Origin;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes pages of answers, whose records are put as they come. Confined to an event loop. */
final class Answers {
  private final HttpPollConfig config;
  private final Requests requests;
  private final PollContext context;

  Answers(HttpPollConfig config, Requests requests, PollContext context) {
    this.config = config;
    this.requests = requests;
    this.context = context;
  }

  /**
   * Reads one answer to its end.
   *
   * @param conditional whether it may say that nothing changed
   * @return fails with {@link PollException} unless there is a page
   */
  Future<Page> read(
      HttpClientResponse answer,
      Exchange exchange,
      Intake into,
      Optional<Reach> reach,
      boolean conditional) {
    int status = answer.statusCode();
    if (status == 204 || (status == 304 && conditional)) {
      Future<Void> end = answer.end();
      answer.resume();
      return end.map(
          ended -> new Page(status != 304, answer.headers(), null, Map.of(), exchange.asked()));
    }
    if (status != 200) {
      Pauses.Asked asked = exchange.asked();
      return Future.failedFuture(Faults.status(status, asked.pause(), asked.limited()));
    }
    String type = Optional.ofNullable(answer.getHeader("content-type")).orElse("");
    String mediaType = Origin.mediaType(type);
    Requests.Form form = requests.form(mediaType);
    if (form == Requests.Form.NONE) {
      return Future.failedFuture(
          PollException.passing(
              "content-type",
              type.isEmpty() ? "answered without a content type" : "answered with another type"));
    }
    Optional<Coding> coding =
        Coding.of(Optional.ofNullable(answer.getHeader("content-encoding")).orElse(""));
    if (coding.isEmpty()) {
      return Future.failedFuture(
          PollException.passing(
              "broken-encoding", "answered with a content coding that was not asked for"));
    }
    boolean opaque = form == Requests.Form.LINES;
    Origin origin =
        new Origin(
            context.name(),
            Origin.ANONYMOUS,
            opaque ? mediaType : "application/json",
            context.clock().instant());
    Harvest harvest =
        new Harvest(
            into,
            opaque ? Shape.OPAQUE : Shape.JSON,
            origin,
            config.id().map(Pointing::pointer),
            config.time().map(Pointing::pointer),
            reach);
    RecordStream records = records(form, harvest);
    long maxBytes = config.maxBytes().bytes();
    return new Body(
            answer,
            exchange,
            coding.get() == Coding.IDENTITY,
            coding.get().start(maxBytes),
            records,
            harvest,
            maxBytes)
        .read()
        .map(read -> new Page(true, answer.headers(), harvest, records.values(), exchange.asked()));
  }

  private RecordStream records(Requests.Form form, Harvest harvest) {
    if (form != Requests.Form.JSON) {
      return RecordStream.lines(harvest);
    }
    return config
        .records()
        .map(at -> RecordStream.in(at.text(), asked(), harvest))
        .orElseGet(() -> RecordStream.whole(harvest));
  }

  private List<String> asked() {
    Optional<String> cursor =
        config
            .cursor()
            .filter(CursorAt.Next.class::isInstance)
            .map(at -> ((CursorAt.Next) at).next().pointer());
    Optional<String> page =
        config
            .pages()
            .filter(Pages.Next.class::isInstance)
            .map(at -> ((Pages.Next) at).next().pointer());
    return java.util.stream.Stream.of(cursor, page).flatMap(Optional::stream).distinct().toList();
  }
}
