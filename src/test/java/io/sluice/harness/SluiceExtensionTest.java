package io.sluice.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

@ExtendWith(SluiceExtension.class)
class SluiceExtensionTest {
  private Vertx given;

  @BeforeEach
  void remember(Vertx vertx) {
    given = vertx;
  }

  @Test
  void handsOneVertxToATestAndItsSetUp(Vertx vertx) {
    assertThat(vertx).isSameAs(given);
  }

  @Test
  void letsGoOfAVerticleThatIsUndeployed(Vertx vertx) {
    String id =
        vertx
            .deployVerticle(
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    return Future.succeededFuture();
                  }
                })
            .await();

    vertx.undeploy(id).await();

    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  @MaxLog(Level.WARN)
  void letsPassWhatATestDeclared() {
    LoggerFactory.getLogger("io.sluice.x").warn("declared");
  }
}
