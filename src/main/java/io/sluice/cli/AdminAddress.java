package io.sluice.cli;

import io.sluice.net.BadTlsException;
import io.sluice.net.ClientTls;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which running gateway a command asks, and the way to ask it. */
final class AdminAddress {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  /** The gateway could not be asked, or did not answer as one does; one sentence for the user. */
  static final class AdminException extends Exception {
    private static final long serialVersionUID = 1;

    AdminException(String message) {
      super(message);
    }
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec command;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:9090",
      description = "The gateway's admin listener (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private URI admin;

  @Option(
      names = "--header",
      paramLabel = "LINE",
      description =
          "A further header line, 'Name: value'; repeatable. Where the admin listener has auth, it"
              + " says who asks.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "Authorities to trust with https, in PEM; else those that this machine trusts.")
  private @Nullable Path authorities;

  /**
   * Reads a page. Blocks, for some seconds at the most.
   *
   * @throws AdminException when there is no answer, or not one of an admin listener
   */
  JsonObject get(Vertx vertx, String path) throws AdminException {
    String url = url() + path;
    MultiMap fields = fields();
    WebClient client = WebClient.create(vertx, options());
    HttpResponse<Buffer> answer;
    try {
      answer =
          client
              .requestAbs(HttpMethod.GET, url)
              .putHeaders(fields)
              .timeout(WITHIN.toMillis())
              .send()
              .await();
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable unanswered) {
      throw new AdminException("no gateway answers at " + admin + ": " + unanswered.getMessage());
    } finally {
      client.close();
    }
    return read(answer);
  }

  private JsonObject read(HttpResponse<Buffer> answer) throws AdminException {
    Optional<JsonObject> body = json(answer.body());
    if (answer.statusCode() == 200 && body.isPresent()) {
      return body.get();
    }
    if (answer.statusCode() == 401 || answer.statusCode() == 403) {
      throw new AdminException(
          "%s answers %d: it wants to know who asks; say it with --header"
              .formatted(admin, answer.statusCode()));
    }
    String detail = body.map(problem -> problem.getString("detail", "")).orElse("");
    throw new AdminException(
        answer.statusCode() == 200 || detail.isEmpty()
            ? "%s answers %d, but not as the admin listener of a gateway does"
                .formatted(admin, answer.statusCode())
            : "%s answers %d: %s".formatted(admin, answer.statusCode(), PlainText.of(detail)));
  }

  private static Optional<JsonObject> json(@Nullable Buffer body) {
    try {
      return Optional.ofNullable(body).map(JsonObject::new);
    } catch (DecodeException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private String url() {
    String scheme = String.valueOf(admin.getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || admin.getHost() == null) {
      throw wrong("--admin is an address like http://127.0.0.1:9090, not " + admin);
    }
    String text = admin.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private WebClientOptions options() {
    WebClientOptions options =
        new WebClientOptions()
            .setUserAgent("sluice")
            .setFollowRedirects(false)
            .setConnectTimeout((int) WITHIN.toMillis());
    if ("https".equalsIgnoreCase(admin.getScheme())) {
      try {
        ClientTls.read(Optional.ofNullable(authorities), Optional.empty()).secure(options);
      } catch (BadTlsException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    return options;
  }

  private MultiMap fields() {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1 || header.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw wrong("a header is 'Name: value' in ASCII");
      }
      fields.add(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return fields;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
