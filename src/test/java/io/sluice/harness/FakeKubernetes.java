package io.sluice.harness;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * The part of a Kubernetes API server that keeps Leases: TLS, tokens, rights, versions, and what it
 * demands of names, labels, annotations and times; statuses as a kube-apiserver 1.34.4 answers. An
 * event loop of its own; any thread may use it.
 */
public final class FakeKubernetes implements AutoCloseable {
  public static final String NAMESPACE = "events";

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern KEY = Pattern.compile("([a-z0-9.-]+/)?[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern MICRO_TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
  private static final int ANNOTATIONS = 256 << 10;
  private static final Map<String, Class<?>> SPEC =
      Map.of(
          "holderIdentity", String.class,
          "leaseDurationSeconds", Integer.class,
          "acquireTime", String.class,
          "renewTime", String.class,
          "leaseTransitions", Integer.class);

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Path account;
  private final Map<String, JsonObject> leases = new TreeMap<>();
  private final ConcurrentLinkedDeque<Trouble> troubles = new ConcurrentLinkedDeque<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
  private volatile String token;
  private long version = 1000;

  /** Goes wrong once, for the next request of a verb. */
  private record Trouble(String verb, Answering what) {}

  /** Answers otherwise than it should. */
  @FunctionalInterface
  public interface Answering {
    /** Does it; {@code usual} does what should be done, and says so. */
    void answer(HttpServerRequest request, Runnable usual);
  }

  /** One without Leases, whose service account is in a directory. */
  public FakeKubernetes(Path account) throws IOException {
    this.account = account;
    Pki pki = new Pki();
    Pki.write(account, "server", pki.server());
    pki.authority(account);
    rotate();
    server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(account.resolve("server.pem").toString())
                        .setKeyPath(account.resolve("server.key").toString())));
    Loop.wait(server.requestHandler(this::handle).listen(0, "127.0.0.1"));
  }

  public int port() {
    return server.actualPort();
  }

  /** As a gateway's configuration has it, behind a port. */
  public String config(int behind) {
    return """
    {"url": "https://127.0.0.1:%d", "namespace": "%s", "token": "%s", "ca": "%s", "timeout": "1s"}
    """
        .formatted(behind, NAMESPACE, token(), ca());
  }

  public Path token() {
    return account.resolve("token");
  }

  public Path ca() {
    return account.resolve("ca.pem");
  }

  /** Takes no token from now on but a new one, which is in the file. */
  public void rotate() throws IOException {
    token = UUID.randomUUID().toString();
    Path next = Files.writeString(account.resolve("token.next"), token + "\n");
    Files.move(next, token(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The service account may do this no more. */
  public void forbid(String verb) {
    forbidden.add(verb);
  }

  public void allow(String verb) {
    forbidden.remove(verb);
  }

  /** Goes wrong once, at the next request of a verb. */
  public void next(String verb, Answering what) {
    troubles.add(new Trouble(verb, what));
  }

  /** The verbs that were asked for, in order. */
  public List<String> asked() {
    return asked;
  }

  public void forget() {
    asked.clear();
  }

  public synchronized List<JsonObject> leases() {
    return leases.values().stream().map(JsonObject::copy).toList();
  }

  /** As somebody with kubectl does. */
  public synchronized void edit(JsonObject lease) {
    put(lease);
  }

  public synchronized void clear() {
    leases.clear();
  }

  public static void answer(HttpServerRequest request, int status, String body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body);
  }

  /** Later than anybody waits. */
  public void late(Duration wait, Runnable what) {
    vertx.setTimer(wait.toMillis(), over -> what.run());
  }

  private void handle(HttpServerRequest request) {
    String root = "/apis/coordination.k8s.io/v1/namespaces/" + NAMESPACE + "/leases";
    String path = request.path();
    if (!path.equals(root) && !path.startsWith(root + "/")) {
      // Nothing is in a namespace that is not there, and only what is created needs it.
      boolean create = request.method().name().equals("POST");
      Result none =
          create
              ? Result.of(404, "NotFound", "namespaces \"nowhere\" not found")
              : new Result(200, list(""));
      answer(request, none.status(), none.body().encode());
      return;
    }
    String name = path.equals(root) ? "" : path.substring(root.length() + 1);
    String verb =
        switch (request.method().name()) {
          case "GET" -> name.isEmpty() ? "list" : "get";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "DELETE" -> "delete";
          default -> "unknown";
        };
    request
        .body()
        .onSuccess(
            body -> {
              asked.add(verb);
              Runnable usual = () -> usual(request, verb, name, body.toString());
              Trouble trouble = troubles.peek();
              if (trouble != null && trouble.verb().equals(verb) && troubles.remove(trouble)) {
                trouble.what().answer(request, usual);
              } else {
                usual.run();
              }
            });
  }

  private void usual(HttpServerRequest request, String verb, String name, String body) {
    Result result;
    String shown = String.valueOf(request.getHeader("authorization")).strip();
    if (shown.equals("Bearer")) {
      result = forbidden("system:anonymous", verb);
    } else if (!("Bearer " + token).equals(shown)) {
      result = Result.of(401, "Unauthorized", "Unauthorized");
    } else if (forbidden.contains(verb)) {
      result = forbidden("system:serviceaccount:" + NAMESPACE + ":sluice", verb);
    } else {
      result = done(verb, name, request.getParam("labelSelector"), body);
    }
    answer(request, result.status(), result.body().encode());
  }

  private static Result forbidden(String who, String verb) {
    return Result.of(
        403,
        "Forbidden",
        "leases.coordination.k8s.io is forbidden: User \"%s\" cannot %s resource \"leases\""
            .formatted(who, verb));
  }

  private record Result(int status, JsonObject body) {
    static Result of(int code, String reason) {
      return of(code, reason, reason + ", says the simulated server");
    }

    static Result of(int code, String reason, String message) {
      return new Result(
          code,
          new JsonObject()
              .put("kind", "Status")
              .put("apiVersion", "v1")
              .put("status", "Failure")
              .put("message", message)
              .put("reason", reason)
              .put("code", code));
    }
  }

  private synchronized Result done(String verb, String name, String selector, String body) {
    return switch (verb) {
      case "list" -> new Result(200, list(selector));
      case "get" -> there(name);
      case "create" -> create(new JsonObject(body));
      case "update" -> update(name, new JsonObject(body));
      case "delete" -> delete(name, new JsonObject(body).getJsonObject("preconditions"));
      default -> Result.of(405, "MethodNotAllowed");
    };
  }

  private Result there(String name) {
    JsonObject lease = leases.get(name);
    return lease == null ? Result.of(404, "NotFound") : new Result(200, lease);
  }

  private JsonObject list(String selector) {
    JsonArray items = new JsonArray();
    leases.values().stream().filter(lease -> selected(lease, selector)).forEach(items::add);
    return new JsonObject()
        .put("kind", "LeaseList")
        .put("apiVersion", "coordination.k8s.io/v1")
        .put("metadata", new JsonObject().put("resourceVersion", Long.toString(version)))
        .put("items", items);
  }

  private static boolean selected(JsonObject lease, String selector) {
    JsonObject labels = metadata(lease).getJsonObject("labels");
    for (String each : selector.split(",", -1)) {
      String[] term = each.split("=", -1);
      if (!term[1].equals(labels.getString(term[0]))) {
        return false;
      }
    }
    return true;
  }

  private static JsonObject metadata(JsonObject lease) {
    return lease.getJsonObject("metadata");
  }

  private Result create(JsonObject lease) {
    String name = metadata(lease).getString("name");
    if (leases.containsKey(name)) {
      return Result.of(409, "AlreadyExists");
    }
    if (metadata(lease).containsKey("resourceVersion")) {
      return Result.of(500, "", "resourceVersion should not be set on objects to be created");
    }
    if (!readable(lease)) {
      return Result.of(400, "BadRequest");
    }
    if (!sound(lease)) {
      return Result.of(422, "Invalid");
    }
    metadata(lease).put("uid", UUID.randomUUID().toString()).put("namespace", NAMESPACE);
    return new Result(201, put(lease));
  }

  private JsonObject put(JsonObject lease) {
    metadata(lease).put("resourceVersion", Long.toString(++version));
    leases.put(metadata(lease).getString("name"), lease);
    return lease;
  }

  private Result update(String name, JsonObject lease) {
    if (!readable(lease) || !name.equals(metadata(lease).getString("name"))) {
      return Result.of(400, "BadRequest");
    }
    JsonObject before = leases.get(name);
    if (before == null) {
      // Its uid is demanded, and there is none.
      return Result.of(409, "Conflict");
    }
    if (!same(before, metadata(lease))) {
      return Result.of(409, "Conflict");
    }
    if (!sound(lease)) {
      return Result.of(422, "Invalid");
    }
    // What changes nothing is not written.
    return new Result(200, before.equals(lease) ? before : put(lease));
  }

  private static boolean same(JsonObject lease, JsonObject demanded) {
    return metadata(lease).getString("uid").equals(demanded.getString("uid"))
        && metadata(lease)
            .getString("resourceVersion")
            .equals(demanded.getString("resourceVersion"));
  }

  private Result delete(String name, JsonObject demanded) {
    JsonObject before = leases.get(name);
    if (before == null) {
      return Result.of(404, "NotFound");
    }
    if (!same(before, demanded)) {
      return Result.of(409, "Conflict");
    }
    leases.remove(name);
    return Result.of(200, "");
  }

  /** Whether times are as they have to be. */
  private static boolean readable(JsonObject lease) {
    return lease.getJsonObject("spec").stream()
        .filter(each -> each.getKey().endsWith("Time"))
        .allMatch(
            each -> each.getValue() instanceof String time && MICRO_TIME.matcher(time).matches());
  }

  /** What it demands of a Lease. */
  private static boolean sound(JsonObject lease) {
    JsonObject labels = metadata(lease).getJsonObject("labels");
    JsonObject annotations = metadata(lease).getJsonObject("annotations");
    JsonObject spec = lease.getJsonObject("spec");
    return lease.getString("kind").equals("Lease")
        && lease.getString("apiVersion").equals("coordination.k8s.io/v1")
        && NAME.matcher(metadata(lease).getString("name")).matches()
        && labels.stream()
            .allMatch(
                label ->
                    KEY.matcher(label.getKey()).matches()
                        && LABEL.matcher((String) label.getValue()).matches())
        && annotations.fieldNames().stream().allMatch(key -> KEY.matcher(key).matches())
        && annotations.stream()
                .mapToInt(each -> each.getKey().length() + ((String) each.getValue()).length())
                .sum()
            <= ANNOTATIONS
        && spec.stream()
            .allMatch(
                each ->
                    SPEC.containsKey(each.getKey())
                        && SPEC.get(each.getKey()).isInstance(each.getValue()))
        && spec.getInteger("leaseDurationSeconds", 1) > 0
        && spec.getInteger("leaseTransitions", 0) >= 0;
  }

  @Override
  public void close() {
    Loop.wait(vertx.close());
  }
}
