package io.sluice.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import io.sluice.auth.Caller;
import io.sluice.auth.Guard;
import io.sluice.auth.Verdict;
import io.sluice.control.Reloads;
import io.sluice.telemetry.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of the admin listener. Confined to its event loop. */
final class Pages {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

  private final View view;
  private final Pulse pulse;
  private final Meters meters;
  private Guard guard;
  private final boolean loopback;

  /**
   * The pages.
   *
   * @param loopback whether only this machine can connect. Then a web page that points its own name
   *     at this address (DNS rebinding) must not read them: names other than localhost are refused
   */
  Pages(View view, Pulse pulse, Meters meters, Guard guard, boolean loopback) {
    this.view = view;
    this.pulse = pulse;
    this.meters = meters;
    this.guard = guard;
    this.loopback = loopback;
  }

  /** Who asks from now on is looked at by another. */
  void guardedBy(Guard next) {
    guard = next;
  }

  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(this::head);
    page(router, "/health/started", context -> health(context, "started", view.started()));
    page(
        router,
        "/health/live",
        context -> health(context, "live", view.live().and(pulse.health())));
    page(router, "/health/ready", context -> health(context, "ready", view.ready()));
    router.route().handler(this::admit);
    page(router, "/metrics", this::metrics);
    page(
        router,
        "/api/v1/topology",
        context -> json(context, 200, Documents.topology(view.topology())));
    page(
        router,
        "/api/v1/config",
        context -> json(context, 200, Documents.configuration(view.configuration())));
    page(router, "/api/v1/report", context -> json(context, 200, ReportDocument.of(view.report())));
    action(router, "/api/v1/reload", this::reload);
    new SourcePages(view).mount(router);
    new ParkedPages(view).mount(router);
    router.route().handler(context -> problem(context, 404, "not-found", "There is no such page."));
    router.route().failureHandler(Pages::failed);
    return router;
  }

  /** One page that can be read, and nothing else done with. */
  static void page(Router router, String path, Consumer<RoutingContext> answer) {
    router
        .route(path)
        .handler(
            context -> {
              HttpMethod method = context.request().method();
              if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
                answer.accept(context);
              } else {
                context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
                problem(context, 405, "method-not-allowed", "This page can only be read.");
              }
            });
  }

  /** Something that can be done, and nothing read. */
  static void action(Router router, String path, Consumer<RoutingContext> act) {
    router
        .route(path)
        .handler(
            context -> {
              if (context.request().getHeader(HttpHeaders.ORIGIN) != null) {
                problem(context, 403, "origin", "No web page may do this.");
              } else if (context.request().method().equals(HttpMethod.POST)) {
                act.accept(context);
              } else {
                context.response().putHeader(HttpHeaders.ALLOW, "POST");
                problem(context, 405, "method-not-allowed", "This takes POST.");
              }
            });
  }

  private void reload(RoutingContext context) {
    here(
        context,
        view.reload(),
        attempt -> json(context, status(attempt), Documents.attempt(attempt)));
  }

  private static int status(Reloads.Attempt attempt) {
    return switch (attempt.outcome()) {
      case APPLIED, UNCHANGED -> 200;
      case INVALID -> 422;
      case FAILED -> 500;
    };
  }

  private void head(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (loopback && !isMeant(context.request())) {
      problem(
          context,
          421,
          "misdirected",
          "The admin listener answers to localhost and IP addresses only.");
    } else {
      context.next();
    }
  }

  /** No browser leaves the host out; checks of balancers in HTTP/1.0 do. */
  private static boolean isMeant(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority == null
        ? request.version() == HttpVersion.HTTP_1_0
        : isLocal(authority.host());
  }

  private static boolean isLocal(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return bare.equalsIgnoreCase("localhost")
        || NetUtil.isValidIpV4Address(bare)
        || NetUtil.isValidIpV6Address(bare);
  }

  private void admit(RoutingContext context) {
    Verdict verdict = guard.admit(Caller.of(context.request()));
    if (verdict instanceof Verdict.Denied denied) {
      denied
          .headers()
          .forEach(each -> context.response().putHeader(each.getKey(), each.getValue()));
      problem(context, denied.status(), denied.code(), denied.detail());
    } else {
      context.next();
    }
  }

  private static void health(RoutingContext context, String word, Health health) {
    json(context, health.well() ? 200 : 503, Documents.health(word, health));
  }

  private void metrics(RoutingContext context) {
    String form = form(context.parsedHeaders().accept());
    end(context, form, Buffer.buffer(meters.scrape(form)));
  }

  /** The form the client likes best; Prometheus's plain text when it does not say. */
  private static String form(List<MIMEHeader> accepted) {
    String form = Meters.TEXT;
    float best = 0;
    for (MIMEHeader type : accepted) {
      boolean open = type.mediaType().equals("application/openmetrics-text");
      if (type.weight() > best && (open || type.component().matches("text|\\*"))) {
        best = type.weight();
        form = open ? Meters.OPEN_METRICS : Meters.TEXT;
      }
    }
    return form;
  }

  /** Answers on the admin's loop what became of something on another. */
  static <T> void here(RoutingContext context, Future<T> done, Consumer<T> answer) {
    Context loop = context.vertx().getOrCreateContext();
    done.onComplete(
        there ->
            loop.runOnContext(
                now -> {
                  if (there.succeeded()) {
                    answer.accept(there.result());
                  } else {
                    context.fail(there.cause());
                  }
                }));
  }

  static void json(RoutingContext context, int status, JsonObject body) {
    context.response().setStatusCode(status);
    end(context, "application/json", body.toBuffer());
  }

  static void problem(RoutingContext context, int status, String code, String detail) {
    String title = HttpResponseStatus.valueOf(status).reasonPhrase();
    context.response().setStatusCode(status);
    end(
        context,
        "application/problem+json",
        Documents.problem(status, title, code, detail).toBuffer());
  }

  private static void end(RoutingContext context, String type, Buffer body) {
    HttpServerResponse response = context.response().putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      // Vert.x would send the body after all.
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  private static void failed(RoutingContext context) {
    int status = context.statusCode() >= 400 ? context.statusCode() : 500;
    if (status >= 500) {
      LOG.atError().setCause(context.failure()).log("admin page failed");
    }
    if (!context.response().ended()) {
      problem(
          context,
          status,
          status >= 500 ? "internal" : "bad-request",
          status >= 500 ? "The page failed; the log says why." : "The request is not valid.");
    }
  }
}
