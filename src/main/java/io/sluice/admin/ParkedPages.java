package io.sluice.admin;

import io.sluice.control.ParkedPart;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** What is kept of parts that left the configuration, and how it is let go. */
final class ParkedPages {
  private final View view;

  ParkedPages(View view) {
    this.view = view;
  }

  void mount(Router router) {
    Pages.page(
        router,
        "/api/v1/parked",
        context -> Pages.here(context, view.parked(), all -> answer(context, "parked", all)));
    Pages.action(router, "/api/v1/parked/:kind/:name/retire", this::retire);
  }

  private void retire(RoutingContext context) {
    Optional<ParkedPart.Kind> kind = kind(context.pathParam("kind"));
    if (kind.isEmpty()) {
      Pages.problem(context, 404, "not-found", "Streams, sinks and sources are parked.");
      return;
    }
    Optional<String> stream = context.queryParam("stream").stream().findFirst();
    Pages.here(
        context,
        view.retire(kind.get(), context.pathParam("name"), stream),
        gone -> {
          if (gone.isEmpty()) {
            Pages.problem(
                context,
                409,
                "not-parked",
                "Nothing of that name is parked: it is in use, or there never was such a thing.");
          } else {
            answer(context, "retired", gone);
          }
        });
  }

  private static Optional<ParkedPart.Kind> kind(String word) {
    return switch (word) {
      case "streams" -> Optional.of(ParkedPart.Kind.STREAM);
      case "sinks" -> Optional.of(ParkedPart.Kind.SINK);
      case "sources" -> Optional.of(ParkedPart.Kind.SOURCE);
      default -> Optional.empty();
    };
  }

  private static void answer(RoutingContext context, String key, List<ParkedPart> parts) {
    JsonArray all = new JsonArray();
    parts.forEach(part -> all.add(json(part)));
    Pages.json(context, 200, new JsonObject().put(key, all));
  }

  private static JsonObject json(ParkedPart part) {
    JsonObject all = new JsonObject().put("kind", part.kind().word()).put("name", part.name());
    part.stream().ifPresent(stream -> all.put("stream", stream));
    return all.put("events", part.events()).put("bytes", part.bytes());
  }
}
