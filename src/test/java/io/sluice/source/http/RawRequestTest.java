package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are wrong in one way each, byte by byte, and what each is answered. */
class RawRequestTest {
  private static final String JSON = "Content-Type: application/json";
  private static final String EVENT = "{\"id\":1}";

  private static PushServer server;

  /**
   * A row of the table.
   *
   * @param status the answer's status; 0 when the connection just closes
   * @param code the problem's code; empty when there is no document
   * @param closes whether the connection ends behind it
   */
  record Row(String name, String request, int status, String code, boolean closes) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Row> ROWS = new ArrayList<>();

  private static void stays(String name, String request, int status, String code) {
    ROWS.add(new Row(name, request, status, code, false));
  }

  private static void closes(String name, String request, int status, String code) {
    ROWS.add(new Row(name, request, status, code, true));
  }

  private static String head(String requestLine, String... headers) {
    return requestLine + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  private static String post(String... headers) {
    return head("POST /v1/events HTTP/1.1", headers);
  }

  private static String whole(String... headers) {
    List<String> all = new ArrayList<>(List.of("Host: x", JSON, "Content-Length: 8"));
    all.addAll(List.of(headers));
    return post(all.toArray(new String[0])) + EVENT;
  }

  private static String json(String body) {
    return RawClient.post("/v1/events", "application/json", body);
  }

  static {
    stays("in order", whole(), 202, "");
    closes("no Host", post(JSON, "Content-Length: 8") + EVENT, 400, "host-missing");
    closes("two Hosts", whole("Host: y"), 400, "host-repeated");
    closes("a Host that is none", post("Host: a/b", "Content-Length: 0"), 400, "host-invalid");
    stays(
        "an absolute target that agrees with Host",
        head("POST http://x/v1/events HTTP/1.1", "Host: X", JSON, "Content-Length: 8") + EVENT,
        202,
        "");
    closes(
        "an absolute target that does not",
        head("POST http://y/v1/events HTTP/1.1", "Host: x", JSON, "Content-Length: 8") + EVENT,
        400,
        "host-mismatch");
    closes("HTTP/9.9", head("POST /v1/events HTTP/9.9", "Host: x"), 505, "http-version");
    closes("xTTP/1.1", head("POST /v1/events xTTP/1.1", "Host: x"), 505, "http-version");
    closes("length and chunks", whole("Transfer-Encoding: chunked"), 400, "malformed");
    closes("two lengths", whole("Content-Length: 8"), 400, "malformed");
    closes("two lengths that differ", whole("Content-Length: 3"), 400, "malformed");
    for (String length : List.of("+3", "-1", "0x3", "3 3", "3, 3", "")) {
      closes("length " + length, post("Host: x", "Content-Length: " + length), 400, "malformed");
    }
    closes("space before the colon", post("Host: x", "Content-Length : 3"), 400, "malformed");
    closes(
        "TE gzip, chunked",
        post("Host: x", JSON, "Transfer-Encoding: gzip, chunked") + "0\r\n\r\n",
        501,
        "transfer-encoding");
    closes("TE xchunked", post("Host: x", "Transfer-Encoding: xchunked"), 400, "malformed");
    closes(
        "TE chunked, identity",
        post("Host: x", "Transfer-Encoding: chunked, identity") + "0\r\n\r\n",
        400,
        "malformed");
    closes(
        "TE in HTTP/1.0",
        head("POST /v1/events HTTP/1.0", "Host: x", "Transfer-Encoding: chunked") + "0\r\n\r\n",
        400,
        "");
    closes("bare LF as line end", whole().replace("\r\n", "\n"), 400, "malformed");
    closes("one bare LF", whole().replace("Host: x\r\n", "Host: x\n"), 400, "malformed");
    stays("a folded header line", whole("A: a\r\n Content-Length: 3"), 202, "");
    closes("a folded first line", post(" A: b", "Host: x"), 400, "malformed");
    closes("a header without a name", whole(": b"), 400, "malformed");
    closes("a header without a colon", whole("Ab"), 400, "malformed");
    closes("a Host with a port that is none", post("Host: x:y"), 400, "host-invalid");
    stays("a Host with a port", post("Host: [::1]:80", JSON, "Content-Length: 8") + EVENT, 202, "");
    closes("NUL in a header", post("Host: x", "A: \u0000"), 400, "malformed");
    closes("bare CR in a header", post("Host: x", "A: a\rB: b"), 400, "malformed");
    closes(
        "a line too long",
        head("POST /" + "a".repeat(5000) + " HTTP/1.1", "Host: x"),
        414,
        "target-too-long");
    closes(
        "headers too large", post("Host: x", "A: " + "a".repeat(9000)), 431, "headers-too-large");
    closes("101 header lines", post("Host: x" + "\r\nA: a".repeat(100)), 431, "too-many-headers");
    closes("a bad chunk size", chunks("zz\r\n"), 400, "body-malformed");
    closes("a chunk size too large", chunks("fffffffffffffffff\r\n"), 400, "body-malformed");
    closes("a chunk without its end", chunks("3\r\n{}0XX\r\n"), 400, "body-malformed");
    closes("a chunk longer than its size", chunks("2\r\n{}}\r\n0\r\n\r\n"), 400, "body-malformed");
    closes("a chunk without CRLF", chunks("2\r\n{}0\r\n\r\n"), 400, "body-malformed");
    closes("a negative chunk size", chunks("-2\r\n{}\r\n0\r\n\r\n"), 400, "body-malformed");
    closes("bare LF behind a chunk size", chunks("2\n{}\r\n0\r\n\r\n"), 400, "body-malformed");
    closes(
        "bare LF in a chunk extension", chunks("2;a\nb\r\n{}\r\n0\r\n\r\n"), 400, "body-malformed");
    closes(
        "trailers too large",
        chunks("2\r\n{}\r\n0\r\nA: " + "a".repeat(9000) + "\r\n\r\n"),
        431,
        "trailers-too-large");
    stays("an unknown method", head("FETCH /v1/events HTTP/1.1", "Host: x"), 501, "method-unknown");
    for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")) {
      String request = head(method + " /v1/events HTTP/1.1", "Host: x");
      stays(method, request, 405, "method-not-allowed");
    }
    stays("CONNECT", head("CONNECT x:80 HTTP/1.1", "Host: x:80"), 405, "method-not-allowed");
    stays("OPTIONS of everything", head("OPTIONS * HTTP/1.1", "Host: x"), 404, "not-found");
    closes(
        "a target that is no path",
        head("POST v1/events HTTP/1.1", "Host: x"),
        400,
        "target-malformed");
    closes("another expectation", whole("Expect: 200-ok"), 417, "expectation");
    closes(
        "an expectation with a body too large",
        post("Host: x", JSON, "Content-Length: 99999999", "Expect: 100-continue"),
        413,
        "body-too-large");
    closes(
        "a body too large",
        post("Host: x", JSON, "Content-Length: 99999999"),
        413,
        "body-too-large");
    closes(
        "a length beyond all",
        post("Host: x", "Content-Length: 999999999999999999"),
        413,
        "body-too-large");
    stays("no body", post("Host: x", JSON), 400, "empty-body");
    stays("an empty body", json(""), 400, "empty-body");
    closes("a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n", 400, "malformed");
    stays(
        "an unknown path",
        head("POST /other HTTP/1.1", "Host: x", "Content-Length: 2") + "{}",
        404,
        "not-found");
    stays("a path with dots", at("/v1/../v1/./events"), 202, "");
    stays("a path that leaves the root", at("/../../etc/passwd"), 404, "not-found");
    stays("a path in escapes", at("/v1/%65vents"), 202, "");
    stays("a path with escaped dots", at("/%2e%2e/etc"), 404, "not-found");
    stays("a path with an escaped slash", at("/v1%2fevents"), 404, "not-found");
    stays("a path with two slashes", at("/v1//events"), 404, "not-found");
    stays("a path with NUL", at("/v1/%00"), 400, "path-malformed");
    stays("a path with an overlong slash", at("/v1%c0%afevents"), 400, "path-malformed");
    stays("a path with no escape", at("/v1/%zz"), 400, "path-malformed");
    stays("a query", at("/v1/events?a=b&%zz"), 202, "");
    closes(
        "a query of 10 000 parameters",
        at("/v1/events?" + "a=b&".repeat(10_000)),
        414,
        "target-too-long");
    stays("no media type", RawClient.post("/v1/events", "json", "{}"), 415, "media-type");
    stays(
        "JSON in UTF-16",
        RawClient.post("/v1/events", "application/json; charset=utf-16", "{}"),
        415,
        "media-type");
    stays("an answer nobody can give", whole("Accept: text/html"), 406, "not-acceptable");
    stays("an answer not wanted", whole("Accept: application/json;q=0"), 406, "not-acceptable");
    stays("an answer among others", whole("Accept: text/html, application/*;q=0.1"), 202, "");
    for (String coding : List.of("snappy", "gzip, gzip", "gzip, identity")) {
      stays("coding " + coding, whole("Content-Encoding: " + coding), 415, "content-coding");
    }
    stays("gzip that is none", whole("Content-Encoding: gzip"), 400, "corrupt-coding");
    stays("JSON that is none", json("{\"a\":}"), 400, "invalid-json");
    stays("JSON that ends early", json("{\"a\":1"), 400, "incomplete-json");
    stays("JSON too deep", json("[".repeat(100) + "]".repeat(100)), 400, "too-deep");
    stays("a number too long", json("1".repeat(1001)), 400, "number-too-long");
    stays("a lone surrogate", json("\"\\ud800\""), 400, "lone-surrogate");
    stays("a byte order mark", json("\u00ef\u00bb\u00bf{}"), 400, "byte-order-mark");
    stays("not UTF-8", json("\"\u00ff\""), 400, "invalid-utf8");
    stays("text behind the value", json("{} {}"), 400, "trailing-text");
    stays("an empty array", json("[]"), 400, "empty-body");
    stays("an empty key", whole("Idempotency-Key: \"\""), 400, "idempotency-key-invalid");
    stays(
        "a key too long",
        whole("Idempotency-Key: " + "k".repeat(256)),
        400,
        "idempotency-key-invalid");
    stays(
        "a preflight",
        head(
            "OPTIONS /v1/events HTTP/1.1",
            "Host: x",
            "Origin: http://evil",
            "Access-Control-Request-Method: POST"),
        403,
        "origin");
    stays(
        "a WebSocket where there is none",
        head(
            "GET /v1/events HTTP/1.1",
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
        404,
        "not-found");
  }

  private static String at(String path) {
    return RawClient.post(path, "application/json", EVENT);
  }

  private static String chunks(String body) {
    return post("Host: x", JSON, "Transfer-Encoding: chunked") + body;
  }

  @BeforeAll
  static void start() {
    server = PushServer.start(s -> {});
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<Row> rows() {
    return ROWS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isAnsweredAsTheTableSays(Row row) {
    int before = server.stream.batches().size();
    try (RawClient client = server.connect()) {
      RawClient.Answer answer = client.send(row.request()).answer();

      assertThat(answer.status()).as(answer.body()).isEqualTo(row.status());
      if (!row.code().isEmpty()) {
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.body())
            .contains("\"type\":\"about:blank\"", "\"title\":", "\"detail\":", "\"requestId\":")
            .contains("\"status\":" + row.status())
            .contains("\"code\":\"" + row.code() + "\"");
        assertThat(server.refused(row.code())).isPositive();
      }
      if (row.closes()) {
        assertThat(client.closes()).isTrue();
      } else if (row.status() != 404 || !row.code().isEmpty()) {
        assertThat(client.json(EVENT).status()).isEqualTo(202);
      }
      int taken = server.stream.batches().size() - before;
      int after = row.closes() || (row.status() == 404 && row.code().isEmpty()) ? 0 : 1;
      assertThat(taken).isEqualTo((row.status() == 202 ? 1 : 0) + after);
      assertThat(server.stream.held()).isZero();
    }
  }
}
