package io.sluice.stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.harness.Effort;
import io.sluice.harness.Loop;
import io.sluice.harness.Seeds;
import io.sluice.replica.DatabaseConfig;
import io.sluice.replica.SharedDatabase;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Random lives of replicas that share a database; each failure names its seed. */
class SharedModelTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.sluice");

  private static EmbeddedPostgres server;
  private final Vertx vertx = Vertx.vertx();
  private SharedDatabase database;

  static LongStream seeds() {
    return Seeds.fresh(1);
  }

  static LongStream manySeeds() {
    return Seeds.fresh(Effort.of(300, 10));
  }

  @BeforeAll
  static void start() throws IOException {
    LOGGER.setLevel(Level.OFF);
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @AfterAll
  static void stop() throws IOException {
    LOGGER.setLevel(null);
    server.close();
  }

  @BeforeEach
  void open() {
    io.sluice.flow.Flow.install(vertx);
    database =
        new SharedDatabase(
            vertx,
            new DatabaseConfig(
                "postgresql://127.0.0.1:" + server.getPort() + "/postgres",
                "postgres",
                Optional.empty(),
                Optional.empty(),
                6,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    Loop.undeployAll(vertx);
    Loop.wait(database.close());
    Loop.wait(vertx.close());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingThatWasAcknowledgedIsMissingOrThereTwice(long seed) {
    new SharedModel(vertx, database, seed, 25).live(40);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void manyMoreLives(long seed) {
    new SharedModel(vertx, database, seed, (int) (seed & 31)).live(150);
  }
}
