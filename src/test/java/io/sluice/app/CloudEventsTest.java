package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** CloudEvents through a gateway in a process of its own, with the official SDK at both ends. */
class CloudEventsTest {
  private static final int EVENTS = 40;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonFormat FORMAT = new JsonFormat();
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events", "to": "events",
                          "accept": "cloudevents"}},
       "sinks": {"out": {"type": "file", "from": "events", "path": "out/{stream}.ndjson", "format": "cloudevents"}}}
      """;

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  static LongStream seeds() {
    return Seeds.fresh(1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void comeBackAsTheyWereSentThroughTheJournalOfAKilledGateway(long seed) throws Exception {
    Random random = new Random(seed);
    List<CloudEvent> sent = new ArrayList<>();
    // Nothing can be written below a file, so what is sent stays in the journal.
    Path out = Files.createFile(directory.resolve("out"));
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      URI url = gateway.url("http", "/v1/events");
      while (sent.size() < EVENTS) {
        switch (random.nextInt(3)) {
          case 0 -> sent.add(binary(url, event(random)));
          case 1 -> sent.add(structured(url, event(random)));
          default -> sent.addAll(batched(url, List.of(event(random), event(random))));
        }
      }
      gateway.kill();
      Files.delete(out);
      gateway.start();

      Path lines = out.resolve("events.ndjson");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(lines) && Files.readAllLines(lines).size() >= sent.size());
      List<String> received = Files.readAllLines(lines);
      assertThat(received).hasSize(sent.size());
      for (int i = 0; i < sent.size(); i++) {
        assertSame(FORMAT.deserialize(received.get(i).getBytes(UTF_8)), sent.get(i));
      }
      assertThat(gateway.stop()).isZero();
    }
  }

  private CloudEvent binary(URI url, CloudEvent event) throws Exception {
    Map<String, String> headers = new HashMap<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    HttpMessageFactory.createWriter(headers::put, bytes -> add(body, bytes)).writeBinary(event);
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    headers.forEach(
        (name, value) ->
            // The SDK writes attributes into headers as they are; encoding them is up to its user.
            request.header(name, name.startsWith("ce-") ? encoded(value) : value));
    post(request, body.toByteArray());
    return HttpMessageFactory.createReader(headers, body.size() == 0 ? null : body.toByteArray())
        .toEvent();
  }

  private static void add(ByteArrayOutputStream body, byte[] bytes) {
    if (bytes != null) {
      body.writeBytes(bytes);
    }
  }

  /** As section 3.1.3.2 of the HTTP binding says. */
  private static String encoded(String value) {
    StringBuilder text = new StringBuilder();
    for (byte each : value.getBytes(UTF_8)) {
      if (each <= ' ' || each == '"' || each == '%' || each == 0x7F) {
        text.append("%%%02X".formatted(each & 0xFF));
      } else {
        text.append((char) each);
      }
    }
    return text.toString();
  }

  private CloudEvent structured(URI url, CloudEvent event) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    HttpMessageFactory.createWriter(request::header, bytes -> add(body, bytes))
        .writeStructured(event, FORMAT);
    post(request, body.toByteArray());
    return FORMAT.deserialize(body.toByteArray());
  }

  private List<CloudEvent> batched(URI url, List<CloudEvent> events) throws Exception {
    List<String> texts = new ArrayList<>();
    List<CloudEvent> expected = new ArrayList<>();
    for (CloudEvent event : events) {
      byte[] bytes = FORMAT.serialize(event);
      texts.add(new String(bytes, UTF_8));
      expected.add(FORMAT.deserialize(bytes));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url).header("Content-Type", "application/cloudevents-batch+json");
    post(request, texts.toString().getBytes(UTF_8));
    return expected;
  }

  private void post(HttpRequest.Builder request, byte[] body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private static void assertSame(CloudEvent received, CloudEvent sent) throws IOException {
    assertThat(attributes(received)).isEqualTo(attributes(sent));
    CloudEventData data = sent.getData();
    if (data == null) {
      assertThat(received.getData()).isNull();
    } else if (json(sent.getDataContentType())) {
      assertThat(JSON.readTree(received.getData().toBytes()))
          .isEqualTo(JSON.readTree(data.toBytes()));
    } else {
      assertThat(received.getData().toBytes()).isEqualTo(data.toBytes());
    }
  }

  private static boolean json(String contentType) {
    return contentType == null || contentType.contains("json");
  }

  private static Map<String, Object> attributes(CloudEvent event) {
    Map<String, Object> all = new TreeMap<>();
    event.getAttributeNames().forEach(name -> all.put(name, event.getAttribute(name)));
    event.getExtensionNames().forEach(name -> all.put(name, event.getExtension(name)));
    return all;
  }

  private static CloudEvent event(Random random) {
    CloudEventBuilder event =
        CloudEventBuilder.v1()
            .withId(text(random))
            .withSource(
                URI.create(random.nextBoolean() ? "/a%20b?c=%25" : "urn:é:" + number(random)))
            .withType("t." + text(random));
    if (random.nextBoolean()) {
      event.withSubject(random.nextBoolean() ? "100%25 a%20b%2Fc" : text(random));
    }
    if (random.nextBoolean()) {
      event.withTime(time(random));
    }
    if (random.nextBoolean()) {
      event.withDataSchema(URI.create("https://example.org/" + number(random) + "#é"));
    }
    if (random.nextBoolean()) {
      event.withExtension("partitionkey", text(random));
    }
    if (random.nextBoolean()) {
      event.withExtension("astring", text(random)).withExtension("aninteger", random.nextInt());
    }
    if (random.nextBoolean()) {
      event
          .withExtension("aboolean", random.nextBoolean())
          .withExtension("atime", time(random))
          .withExtension("auri", URI.create("x:%20y"))
          .withExtension("abinary", bytes(random));
    }
    return data(event, random).build();
  }

  private static CloudEventBuilder data(CloudEventBuilder event, Random random) {
    String json =
        "{\"a\" : [\"" + "é\\n".repeat(random.nextInt(3)) + "\",\n" + number(random) + "]}";
    return switch (random.nextInt(6)) {
      case 0 -> event.withData("application/json", json.getBytes(UTF_8));
      case 1 -> event.withData("application/x+json; charset=utf-8", json.getBytes(UTF_8));
      case 2 -> event.withData("text/plain", (text(random) + "\n\n").getBytes(UTF_8));
      case 3 -> event.withData("application/octet-stream", bytes(random));
      case 4 -> event.withDataContentType("application/json");
      default -> event;
    };
  }

  private static int number(Random random) {
    return random.nextInt(1_000_000);
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(50)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static OffsetDateTime time(Random random) {
    ZoneOffset offset =
        random.nextBoolean() ? ZoneOffset.UTC : ZoneOffset.ofHoursMinutes(random.nextInt(12), 30);
    int nanos = random.nextInt(1000) * (random.nextBoolean() ? 1_000_000 : 1);
    return OffsetDateTime.of(2026, 1, 2, 3, 4, random.nextInt(60), nanos, offset);
  }

  /** At least one character: letters, marks, quotes, percent signs and others of any plane. */
  private static String text(Random random) {
    String all = "aZ09 %\"\\é€😀/\u00a0~,;=%41";
    int[] points = all.codePoints().toArray();
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.append('y').toString();
  }
}
