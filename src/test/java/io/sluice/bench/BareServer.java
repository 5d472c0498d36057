package io.sluice.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/**
 * The yardstick: Vert.x alone, which reads a body and answers 204 at once; acknowledges each
 * message of a WebSocket; and on the next port counts the lines of a TCP connection, and says how
 * many there were.
 *
 * <p>Arguments: the port, and how many event loops.
 */
final class BareServer extends VerticleBase {
  private static final String HOST = "127.0.0.1";

  private final int port;

  private BareServer(int port) {
    this.port = port;
  }

  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int loops = Integer.parseInt(args[1]);
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops))
            .build();
    vertx
        .deployVerticle(() -> new BareServer(port), new DeploymentOptions().setInstances(loops))
        .onFailure(
            e -> {
              System.err.println(e);
              System.exit(1);
            });
  }

  @Override
  public Future<?> start() {
    return Future.all(
        vertx
            .createHttpServer(new HttpServerOptions().addWebSocketSubProtocol("sluice.v1"))
            .requestHandler(BareServer::answer)
            .webSocketHandler(BareServer::acknowledge)
            .listen(port, HOST),
        vertx
            .createNetServer(new NetServerOptions().setReceiveBufferSize(1 << 20))
            .connectHandler(BareServer::count)
            .listen(port + 1, HOST));
  }

  private static void count(NetSocket socket) {
    long[] lines = {0};
    socket.handler(
        read -> {
          byte[] bytes = read.getBytes();
          for (byte b : bytes) {
            lines[0] += b == '\n' ? 1 : 0;
          }
          socket.write(lines[0] + "\n");
        });
  }

  private static void acknowledge(ServerWebSocket socket) {
    long[] messages = {0};
    socket.writeTextMessage("{\"ready\":{\"session\":\"s\",\"through\":0,\"credit\":1048576}}");
    socket.handler(
        message ->
            socket.writeTextMessage(
                "{\"ack\":{\"through\":" + ++messages[0] + ",\"credit\":1048576}}"));
  }

  private static void answer(HttpServerRequest request) {
    request.body().onSuccess(body -> request.response().setStatusCode(204).end());
  }
}
