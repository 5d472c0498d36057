package io.sluice.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.netty.pkitesting.X509Bundle;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.Pki;
import io.sluice.journal.Journal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A secret that is known: in credentials, keys, tokens and signatures, right ones and wrong ones.
 * It shows in no answer, log, page, metric, message, and in no file of the data directory.
 */
class CanaryTest {
  private static final String CANARY = "c4n4ry-5ecret";
  private static final String WHSEC =
      "whsec_" + Base64.getEncoder().encodeToString((CANARY + CANARY).getBytes(UTF_8));
  private static final Pki PKI = new Pki();
  private static final RSAKey ISSUER = rsa();
  private static final String TLS =
      """
      "tls": {"cert": "server.pem", "key": "server.key", "clientCa": "ca.pem",
              "clientAuth": "wanted"}
      """;
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {
         "tokens": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/tokens",
                    "to": "events", TLS,
                    "auth": {"type": "jwt", "jwks": "jwks.json", "issuer": "i", "audience": "a",
                             "scope": "push"}},
         "unknown": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/unknown",
                     "to": "events", TLS,
                     "auth": {"type": "jwt", "issuer": "i", "audience": "a",
                              "jwks": "http://127.0.0.1:{{dead}}/jwks?key=${file:canary.txt}"}},
         "certificates": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/certificates",
                          "to": "events", TLS,
                          "auth": {"type": "mtls", "principals": {"cn:device-*": "device-*"}}},
         "hooks": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/hooks",
                   "to": "events", TLS,
                   "auth": {"type": "signature", "preset": "standard-webhooks",
                            "secrets": ["WHSEC"]}},
         "pushes": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/pushes",
                    "to": "events", TLS,
                    "auth": {"type": "signature", "preset": "github",
                             "secrets": ["${file:canary.txt}", "old-CANARY"]}},
         "live": {"type": "websocket", "listen": "127.0.0.1:{{http}}", "path": "/live",
                  "to": "events", TLS,
                  "auth": {"type": "jwt", "jwks": "jwks.json", "issuer": "i", "audience": "a"}},
         "lines": {"type": "tcp", "listen": "127.0.0.1:{{tcp}}", "to": "events", "receipts": true,
                   TLS,
                   "auth": {"type": "mtls", "principals": {"cn:device-*": "device-*"}}}},
       "streams": {"events": {"maxBytes": "8MiB"}},
       "sinks": {"archive": {"type": "discard", "from": "events"}}}
      """
          .replace("TLS", TLS.strip())
          .replace("WHSEC", WHSEC)
          .replace("CANARY", CANARY);

  private final X509Bundle device = PKI.signed("CN=device-7");
  private final X509Bundle stranger = PKI.signed("CN=stranger");
  private final X509Bundle server = PKI.server();

  /** What nobody may see. */
  private final List<String> secrets = new ArrayList<>(List.of(CANARY, WHSEC, "PRIVATE KEY"));

  private final StringBuilder said = new StringBuilder();
  @TempDir private Path directory;

  private static RSAKey rsa() {
    try {
      return new RSAKeyGenerator(2048).keyID("k").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void writeFiles() throws IOException {
    Pki.write(directory, "server", server);
    PKI.authority(directory);
    Files.writeString(directory.resolve("canary.txt"), CANARY);
    Files.writeString(directory.resolve("jwks.json"), new JWKSet(ISSUER).toString(true));
    secrets.add(server.getPrivateKeyPEM().lines().skip(1).findFirst().orElseThrow());
    secrets.add(secret(CANARY.getBytes(UTF_8)));
  }

  private static String secret(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A token with the canary in a claim; neither it nor its signature may be seen. */
  private String token(RSAKey key, Instant until, String scope) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(),
              new JWTClaimsSet.Builder()
                  .issuer("i")
                  .audience("a")
                  .subject("ann")
                  .claim("scope", scope)
                  .claim("secret", CANARY)
                  .expirationTime(Date.from(until))
                  .build());
      token.sign(new RSASSASigner(key));
      secrets.add(token.getSignature().toString());
      secrets.add(token.getPayload().toBase64URL().toString());
      return "Bearer " + token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String hmac(String key, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      String signature = HexFormat.of().formatHex(mac.doFinal(signed.getBytes(UTF_8)));
      secrets.add(signature);
      return signature;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String webhook(String key, String signed) {
    String signature =
        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hmac(key, signed)));
    secrets.add(signature);
    return "v1," + signature;
  }

  @Test
  void showsNowhereWhateverWayIsTried() throws Exception {
    Instant later = Instant.now().plusSeconds(300);
    String now = Long.toString(Instant.now().getEpochSecond());
    try (GatewayProcess gateway =
        GatewayProcess.in(directory, CONFIG).with("--log-level", "trace").start()) {
      HttpClient nobody = HttpClient.newBuilder().sslContext(PKI.client()).build();
      HttpClient known = HttpClient.newBuilder().sslContext(PKI.client(device)).build();
      HttpClient other = HttpClient.newBuilder().sslContext(PKI.client(stranger)).build();
      String good = token(ISSUER, later, "push");

      post(gateway, nobody, 202, "/tokens", "authorization", good);
      post(gateway, nobody, 401, "/tokens", "authorization", "Bearer " + CANARY);
      post(gateway, nobody, 401, "/tokens", "authorization", token(rsa(), later, "push"));
      Instant past = Instant.now().minusSeconds(3600);
      post(gateway, nobody, 401, "/tokens", "authorization", token(ISSUER, past, "push"));
      post(gateway, nobody, 403, "/tokens", "authorization", token(ISSUER, later, "read"));
      post(gateway, nobody, 503, "/unknown", "authorization", token(ISSUER, later, "push"));
      post(gateway, nobody, 401, "/tokens?access_token=" + CANARY);
      post(gateway, known, 202, "/certificates");
      post(gateway, nobody, 401, "/certificates");
      post(gateway, other, 403, "/certificates");
      String github = "x-hub-signature-256";
      post(gateway, nobody, 202, "/pushes", github, "sha256=" + hmac(CANARY, "payload"));
      post(gateway, nobody, 401, "/pushes", github, "sha256=" + hmac("another", "payload"));
      post(gateway, nobody, 401, "/pushes", github, CANARY);
      for (String key : List.of(CANARY + CANARY, "another")) {
        String signature = webhook(key, "msg_1." + now + ".payload");
        int status = key.equals("another") ? 401 : 202;
        String[] head = {
          "webhook-id", "msg_1", "webhook-timestamp", now, "webhook-signature", signature
        };
        post(gateway, nobody, status, "/hooks", head);
      }
      webSocket(gateway, nobody, good);
      lines(gateway, device);
      lines(gateway, stranger);

      for (String page : List.of("/metrics", "/api/v1/topology", "/health/ready", "/")) {
        said.append(gateway.get(page));
      }
      assertThat(gateway.stop()).isZero();
      said.append(gateway.output());
    }
    assertThat(said.toString())
        .contains("wrong-credentials", "expired-credentials", "signature-wrong", "forbidden")
        .contains("keys-unavailable");
    String all = said + kept();
    assertThat(secrets).noneMatch(all::contains);
  }

  private void post(
      GatewayProcess gateway, HttpClient client, int status, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port("http") + path))
            .header("content-type", "text/plain")
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString("payload"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(status);
    said.append(answer.headers().map()).append(answer.body());
  }

  /** The name of a session is like a key: the gateway gives it out, and shows it nowhere else. */
  private void webSocket(GatewayProcess gateway, HttpClient client, String token)
      throws InterruptedException {
    URI live = URI.create("wss://localhost:" + gateway.port("http") + "/live");
    CompletableFuture<String> ready = new CompletableFuture<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            ready.complete(data.toString());
            return null;
          }
        };
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .subprotocols("sluice.v1")
            .header("authorization", token)
            .buildAsync(live, listener)
            .join();
    String session =
        ready
            .orTimeout(10, TimeUnit.SECONDS)
            .join()
            .replaceFirst(".*\"session\":\"([^\"]*)\".*", "$1");
    assertThat(session).hasSize(22);
    secrets.add(session);
    socket.sendText("{}", true).join();
    socket.abort();
    for (String shown : List.of("Bearer " + CANARY, token)) {
      URI again = URI.create(live + "?session=" + (shown.equals(token) ? session : CANARY));
      try {
        client
            .newWebSocketBuilder()
            .subprotocols("sluice.v1")
            .header("authorization", shown)
            .buildAsync(again, new WebSocket.Listener() {})
            .join()
            .abort();
      } catch (CompletionException refused) {
        assertThat(shown).isNotEqualTo(token);
      }
    }
  }

  private void lines(GatewayProcess gateway, X509Bundle shown) throws IOException {
    try (Socket socket =
        PKI.client(shown).getSocketFactory().createSocket("localhost", gateway.port("tcp"))) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write("line\n".getBytes(UTF_8));
      byte[] answer = new byte[200];
      int length = socket.getInputStream().read(answer);
      said.append(new String(answer, 0, Math.max(0, length), UTF_8));
    }
  }

  /** Every byte of the data directory. */
  private String kept() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void showsInNothingThatValidateSays() throws IOException {
    assertThat(validate(filled(CONFIG), 0)).contains("ok: 7 sources");

    for (String[] wrong :
        List.of(
            new String[] {"\"secrets\": [\"" + WHSEC + "\"]", "\"secrets\": {\"a\": \"CANARY\"}"},
            new String[] {"\"secrets\": [\"" + WHSEC + "\"]", "\"secrets\": [\"whsec_CANARY!\"]"},
            new String[] {"\"secrets\": [\"" + WHSEC + "\"]", "\"secret\": [\"CANARY\"]"},
            new String[] {"\"secrets\": [\"" + WHSEC + "\"]", "\"secrets\": [[\"CANARY\"]]"},
            new String[] {"\"secrets\": [\"" + WHSEC + "\"]", "\"secrets\": [\"\", \"CANARY\"]"},
            new String[] {"\"scope\": \"push\"", "\"scope\": {\"${file:canary.txt}\": 1}"},
            new String[] {"\"scope\": \"push\"", "\"leeway\": \"${file:canary.txt}\""},
            new String[] {"\"preset\": \"github\"", "\"preset\": \"${file:canary.txt}\""},
            new String[] {"\"type\": \"mtls\"", "\"type\": \"${file:canary.txt}\""},
            new String[] {"\"jwks\": \"jwks.json\"", "\"jwks\": \"${file:canary.txt}\""},
            new String[] {"\"cn:device-*\"", "\"${file:canary.txt}\""},
            new String[] {"?key=${file:canary.txt}\"", "${file:canary.txt}\", \"refresh\": 1"},
            new String[] {"\"key\": \"server.key\"", "\"key\": \"canary.txt\""})) {
      String text = filled(CONFIG);
      String changed = text.replace(filled(wrong[0]), filled(wrong[1].replace("CANARY", CANARY)));
      assertThat(changed).as(wrong[0]).isNotEqualTo(text);
      validate(changed, 78);
    }
    validate("{\"sources\": {\"a\": {\"auth\": \"" + CANARY, 78);
    assertThat(secrets).noneMatch(said.toString()::contains);
  }

  /** With ports, and files named so that they are found from anywhere. */
  private String filled(String config) {
    return config
        .replaceAll("([\\w.]+[.](pem|key|json|txt))", directory + "/$1")
        .replace("{{admin}}", "9090")
        .replace("{{http}}", "8443")
        .replace("{{tcp}}", "9000")
        .replace("{{dead}}", "9");
  }

  private String validate(String config, int exit) throws IOException {
    Path file = Files.writeString(directory.resolve("sluice.json"), config);
    StringWriter heard = new StringWriter();
    int code =
        Main.commandLine(new Surroundings(), Journal::open)
            .setOut(new PrintWriter(heard, true))
            .setErr(new PrintWriter(heard, true))
            .execute("validate", "-c", file.toString());
    assertThat(code).as(heard.toString()).isEqualTo(exit);
    said.append(heard);
    return heard.toString();
  }
}
