package io.sluice.bench;

import io.sluice.cli.target.Protocol;
import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a connection costs that does nothing, over WebSocket ({@code sluice.v1}) and TCP (with
 * receipts). Each has sent one event before.
 *
 * <p>Arguments: how many connections (default 10000), how many classes to list whose objects became
 * more (0), and the options of the gateway's JVM ({@code -Xmx512m}).
 */
final class IdleConnections {
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "live": {
            "type": "websocket", "listen": "127.0.0.1:{{ws}}", "path": "/v1/live",
            "accept": "json", "to": "events", "maxConnections": 20000,
            "maxConnectionsPerAddress": 20000, "idleTimeout": "10m", "pingAfter": "5m",
            "silentAfter": "10m"
          },
          "lines": {
            "type": "tcp", "listen": "127.0.0.1:{{tcp}}", "accept": "json", "receipts": true,
            "to": "events", "maxConnections": 20000, "maxConnectionsPerAddress": 20000
          }
        },
        "sinks": { "nothing": { "type": "discard", "from": "events" } }
      }
      """;

  /**
   * Connections that come and go first: what classes, pools and the first pages cost is not theirs.
   */
  private static final int FIRST = 500;

  /**
   * @param heap bytes of live objects, each
   * @param resident bytes of the process's memory, each
   * @param grown bytes by class, each
   */
  record Cost(long heap, long resident, Map<String, Long> grown) {}

  private IdleConnections() {}

  public static void main(String[] args) throws IOException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int classes = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    List<String> options =
        new ArrayList<>(List.of(args).subList(Math.min(2, args.length), args.length));
    if (options.isEmpty()) {
      options.add("-Xmx512m");
    }
    for (Protocol protocol : List.of(Protocol.WEBSOCKET, Protocol.TCP)) {
      Cost cost = measure(protocol, count, options);
      System.out.printf(
          "%,d idle connections over %s: %,d bytes of heap and %,d of memory each%n",
          count, protocol, cost.heap(), cost.resident());
      cost.grown().entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .limit(classes)
          .forEach(row -> System.out.printf("  %6d %s%n", row.getValue(), row.getKey()));
    }
  }

  /** Opens connections to a gateway of their own; fails when one does not stay. */
  static Cost measure(Protocol protocol, int count, List<String> options) throws IOException {
    Path directory = Files.createTempDirectory("idle");
    List<String> launch = new ArrayList<>(options);
    launch.addAll(List.of("-cp", ChildJvm.classPath(), "io.sluice.app.Main"));
    try (GatewayProcess gateway = GatewayProcess.launched(directory, CONFIG, launch).start()) {
      int port = gateway.port(protocol == Protocol.WEBSOCKET ? "ws" : "tcp");
      try (IdleClients first = new IdleClients(protocol, port)) {
        first.open(Math.min(FIRST, count));
      }
      ProcessMemory before = ProcessMemory.of(gateway.pid());
      try (IdleClients clients = new IdleClients(protocol, port)) {
        clients.open(count);
        ProcessMemory after = ProcessMemory.of(gateway.pid());
        clients.pushOnAll();
        return new Cost(
            (after.heap() - before.heap()) / count,
            (after.resident() - before.resident()) / count,
            grown(before, after, count));
      }
    } finally {
      delete(directory);
    }
  }

  private static Map<String, Long> grown(ProcessMemory before, ProcessMemory after, int count) {
    Map<String, Long> grown = new HashMap<>();
    after
        .classes()
        .forEach(
            (name, bytes) ->
                grown.put(name, (bytes - before.classes().getOrDefault(name, 0L)) / count));
    return grown;
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
