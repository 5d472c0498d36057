package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Map;

/** Writes problems to clients. */
public final class Answers {
  private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
  private static final CharSequence PROBLEM = HttpHeaders.createOptimized(Problem.MEDIA_TYPE);

  private Answers() {}

  /**
   * Answers with a problem. Closing the connection, where the problem asks for it, is left to the
   * caller, who knows whether the client is still sending.
   *
   * @return completes when the answer is handed to the network
   */
  public static Future<Void> problem(HttpServerRequest request, Problem problem, String requestId) {
    HttpServerResponse response = request.response();
    response.setStatusCode(problem.status()).setStatusMessage(problem.title());
    response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM);
    for (Map.Entry<CharSequence, CharSequence> header : problem.headers()) {
      response.putHeader(header.getKey(), header.getValue());
    }
    if (problem.close() && request.version() != HttpVersion.HTTP_2) {
      response.putHeader(HttpHeaders.CONNECTION, CLOSE);
    }
    return response.end(problem.document(requestId));
  }
}
