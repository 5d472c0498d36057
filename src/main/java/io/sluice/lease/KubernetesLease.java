package io.sluice.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A Lease of coordination.k8s.io/v1, as the API server has it or shall have it. What others wrote
 * into it stays. Immutable.
 */
final class KubernetesLease {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** MicroTime of Kubernetes: RFC 3339 with microseconds. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final ObjectNode json;

  private KubernetesLease(ObjectNode json) {
    this.json = json;
  }

  /** One that is to be created. */
  static KubernetesLease create(
      String name, Map<String, String> labels, Map<String, String> annotations) {
    ObjectNode json = JSON.createObjectNode();
    json.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
    ObjectNode metadata = json.putObject("metadata").put("name", name);
    labels.forEach(metadata.putObject("labels")::put);
    annotations.forEach(metadata.putObject("annotations")::put);
    json.putObject("spec");
    return new KubernetesLease(json);
  }

  /**
   * One that is there.
   *
   * @throws IOException when it is none
   */
  static KubernetesLease read(Buffer body) throws IOException {
    return checked(parsed(body));
  }

  /** All of a list. */
  static List<KubernetesLease> readAll(Buffer body) throws IOException {
    JsonNode items = parsed(body).path("items");
    if (!items.isArray()) {
      throw new IOException("the API server's answer is no list of Leases");
    }
    List<KubernetesLease> all = new ArrayList<>();
    for (JsonNode item : items) {
      all.add(checked(item));
    }
    return all;
  }

  private static JsonNode parsed(Buffer body) throws IOException {
    try {
      return JSON.readTree(body.getBytes());
    } catch (JsonProcessingException e) {
      // Its message would quote the answer.
      throw new IOException("the API server's answer is no JSON", e);
    }
  }

  private static KubernetesLease checked(JsonNode node) throws IOException {
    JsonNode metadata = node.path("metadata");
    if (node instanceof ObjectNode object
        && metadata.path("name").isTextual()
        && metadata.path("uid").isTextual()
        && metadata.path("resourceVersion").isTextual()) {
      return new KubernetesLease(object);
    }
    throw new IOException("the API server's answer is no Lease");
  }

  /** Whether it is to replace one that is there. */
  boolean isThere() {
    return metadata().has("resourceVersion");
  }

  private JsonNode metadata() {
    return json.path("metadata");
  }

  String name() {
    return metadata().path("name").asText();
  }

  /** Empty when nobody has it. */
  String holder() {
    return json.path("spec").path("holderIdentity").asText("");
  }

  /** How many holders there were. */
  long transitions() {
    return json.path("spec").path("leaseTransitions").asLong(0);
  }

  Optional<String> annotation(String key) {
    return Optional.ofNullable(metadata().path("annotations").get(key)).map(JsonNode::asText);
  }

  private KubernetesLease changed(String part, Consumer<ObjectNode> change) {
    ObjectNode copy = json.deepCopy();
    change.accept(part.equals("spec") ? copy.withObject("/spec") : annotations(copy));
    return new KubernetesLease(copy);
  }

  private static ObjectNode annotations(ObjectNode lease) {
    return lease.withObject("/metadata").withObject("/annotations");
  }

  KubernetesLease annotated(String key, String value) {
    return changed("annotations", annotations -> annotations.put(key, value));
  }

  /** The annotation is called otherwise from now on. */
  KubernetesLease renamed(String key, String to) {
    return changed(
        "annotations",
        annotations -> {
          JsonNode moved = annotations.remove(key);
          if (moved != null) {
            annotations.set(to, moved);
          }
        });
  }

  KubernetesLease heldBy(String holder, long transitions, Instant now) {
    return changed(
        "spec",
        spec ->
            spec.put("holderIdentity", holder)
                .put("leaseTransitions", transitions)
                .put("acquireTime", MICRO_TIME.format(now)));
  }

  KubernetesLease freed() {
    return changed("spec", spec -> spec.put("holderIdentity", ""));
  }

  KubernetesLease lasting(long seconds) {
    return changed("spec", spec -> spec.put("leaseDurationSeconds", seconds));
  }

  KubernetesLease renewed(Instant now) {
    return changed("spec", spec -> spec.put("renewTime", MICRO_TIME.format(now)));
  }

  /** As it is sent. */
  Buffer encode() {
    return bytes(json);
  }

  /** What a deletion demands: that it is still this one, unchanged. */
  Buffer unchanged() {
    ObjectNode options = JSON.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options
        .putObject("preconditions")
        .put("uid", metadata().path("uid").asText())
        .put("resourceVersion", metadata().path("resourceVersion").asText());
    return bytes(options);
  }

  private static Buffer bytes(ObjectNode node) {
    try {
      return Buffer.buffer(JSON.writeValueAsBytes(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree cannot be written", e);
    }
  }
}
