package io.sluice.admin;

import io.sluice.connector.Source;
import io.sluice.connector.Steering;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Pause, resume and poll for sources that take the initiative. Confined to the admin's loop. */
final class SourcePages {
  private final View view;

  SourcePages(View view) {
    this.view = view;
  }

  void mount(Router router) {
    Pages.action(
        router,
        "/api/v1/sources/:name/:what",
        context -> find(context, context.pathParam("name"), context.pathParam("what")));
  }

  private void find(RoutingContext context, String name, String what) {
    Optional<Source> source = view.source(name);
    if (source.isEmpty()) {
      Pages.problem(context, 404, "not-found", "There is no such source.");
      return;
    }
    Optional<Steering> steering = source.get().steering();
    if (steering.isEmpty()) {
      Pages.problem(
          context,
          409,
          "push-source",
          "Clients push to this source; only pull sources are steered.");
      return;
    }
    steer(context, name, what, steering.get());
  }

  private static void steer(RoutingContext context, String name, String what, Steering steering) {
    switch (what) {
      case "pause" ->
          Pages.here(context, steering.pause(), done -> json(context, 200, name, steering));
      case "resume" ->
          Pages.here(context, steering.resume(), done -> json(context, 200, name, steering));
      case "poll" ->
          Pages.here(context, steering.ask(), why -> asked(context, name, steering, why));
      default -> Pages.problem(context, 404, "not-found", "A source takes pause, resume and poll.");
    }
  }

  private static void asked(
      RoutingContext context, String name, Steering steering, Optional<String> why) {
    if (why.isEmpty()) {
      json(context, 202, name, steering);
    } else {
      Pages.problem(context, 409, "not-polled", "Not polled: " + why.get() + ".");
    }
  }

  private static void json(RoutingContext context, int status, String name, Steering steering) {
    Pages.json(
        context,
        status,
        new JsonObject().put("name", name).put("state", steering.standing().state()));
  }
}
