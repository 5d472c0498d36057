package io.sluice.sink.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.codec.LineFormat;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.event.Outcome;
import io.sluice.sink.Deliveries;
import io.sluice.sink.OnLoop;
import io.sluice.sink.SinkContract;
import io.sluice.sink.TestContext;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleSinkTest implements SinkContract {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Override
  public Sink sink(SinkContext context, Path directory) {
    return sink(LineFormat.PAYLOAD, out, context);
  }

  @Override
  public List<String> arrived(Path directory) {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void printsAnEnvelopeWhenAsked(Vertx vertx, @TempDir Path memory) {
    OnLoop sink = new OnLoop(vertx, sink(LineFormat.ENVELOPE, out, new TestContext(vertx, memory)));
    sink.open();

    sink.delivered(Deliveries.at(7, Deliveries.lines("{\"a\":1}")));

    assertThat(arrived(memory))
        .containsExactly(
            "{\"id\":\"events/0/7\",\"stream\":\"events\",\"position\":\"0/7\",\"source\":\"app\","
                + "\"time\":\"2026-03-04T05:06:07Z\",\"contentType\":\"application/json\","
                + "\"data\":{\"a\":1}}");
    sink.close();
  }

  @Test
  void saysRetryWhenNothingCanBePrinted(Vertx vertx, @TempDir Path memory) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    OnLoop sink =
        new OnLoop(vertx, sink(LineFormat.PAYLOAD, broken, new TestContext(vertx, memory)));
    sink.open();

    Outcome outcome = sink.delivered(Deliveries.at(0, Deliveries.lines("1")));

    assertThat(outcome).isEqualTo(Outcome.retry("cannot print: Broken pipe"));
    sink.close();
  }

  @Test
  void saysRetryWhenTheVirtualMachineFailsUnderThePrinting(Vertx vertx, @TempDir Path memory) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new OutOfMemoryError("Direct buffer memory");
          }
        };
    OnLoop sink =
        new OnLoop(vertx, sink(LineFormat.PAYLOAD, broken, new TestContext(vertx, memory)));
    sink.open();

    Outcome outcome = sink.delivered(Deliveries.at(0, Deliveries.lines("1")));

    assertThat(outcome).isEqualTo(Outcome.retry("cannot print: Direct buffer memory"));
    sink.close();
  }

  private static Sink sink(LineFormat format, OutputStream out, SinkContext context) {
    return new ConsoleSinkFactory(out).create(new ConsoleConfig(format), context);
  }
}
