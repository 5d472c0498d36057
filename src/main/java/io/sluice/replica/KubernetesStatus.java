package io.sluice.replica;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/** The Status that an API server answers with where it does not do what it is asked for. */
final class KubernetesStatus {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is longer quotes what was sent. Characters. */
  private static final int LONGEST = 300;

  private KubernetesStatus() {}

  /** Its sentence, in one line; empty when there is none. */
  static Optional<String> message(Buffer body) {
    try {
      JsonNode status = JSON.readTree(body.getBytes());
      String message = status.path("kind").asText().equals("Status") ? said(status) : "";
      return message.isBlank() ? Optional.empty() : Optional.of(message);
    } catch (IOException noJson) {
      return Optional.empty();
    }
  }

  private static String said(JsonNode status) {
    String message = status.path("message").asText("").replaceAll("\\p{Cntrl}+", " ").strip();
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…";
  }
}
