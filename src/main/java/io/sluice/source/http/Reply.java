package io.sluice.source.http;

import io.sluice.event.Ack;
import io.sluice.net.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to one request, with what its client preferred. Each method returns when the
 * answer is handed to the network.
 */
record Reply(Desk desk, HttpServerRequest request, Preferences preferences) {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence APPLIED = HttpHeaders.createOptimized("preference-applied");

  Future<Void> success(Success success) {
    HttpServerResponse response = request.response();
    response.setStatusCode(success.status(preferences.minimal()));
    applied(success.ack());
    if (preferences.minimal()) {
      return response.end();
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    return response.end(success.body());
  }

  Future<Void> problem(Problem problem) {
    desk.telemetry().refused(problem.code());
    applied(null);
    return desk.refusals().answer(request, problem, desk.ids().next());
  }

  private void applied(@Nullable Ack held) {
    String applied = preferences.applied(held);
    if (!applied.isEmpty()) {
      request.response().putHeader(APPLIED, applied);
    }
  }
}
