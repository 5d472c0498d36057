package io.sluice.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * An API, at every address of this machine, with growing lists, {@code /name?since=N&by=REPLICA},
 * which remembers who asked for which, in which order. Threads of its own; may be asked from any.
 */
final class Numbers implements AutoCloseable {
  private static final int MOST = 50;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Map<String, Asked> asked = new HashMap<>();
  private long numbers;

  /** Who asked last for a list, and how often that was somebody else than before. */
  record Asked(String by, long changes) {}

  Numbers() throws IOException {
    server = HttpServer.create(new InetSocketAddress(0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Every list is so much longer. */
  synchronized void grow(int howMuch) {
    numbers += howMuch;
  }

  synchronized long count() {
    return numbers;
  }

  synchronized Map<String, Asked> asked() {
    return Map.copyOf(asked);
  }

  private synchronized long note(String name, String by) {
    Asked before = asked.getOrDefault(name, new Asked(by, 0));
    asked.put(name, new Asked(by, before.changes() + (before.by().equals(by) ? 0 : 1)));
    return numbers;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    Map<String, String> query =
        java.util.Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
            .map(pair -> pair.split("="))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    long end = note(name, query.get("by"));
    long since = Long.parseLong(query.get("since"));
    byte[] body =
        LongStream.rangeClosed(since + 1, Math.min(end, since + MOST))
            .mapToObj(i -> "{\"n\":" + i + ",\"id\":\"" + name + "-" + i + "\"}")
            .collect(Collectors.joining(",", "[", "]"))
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
