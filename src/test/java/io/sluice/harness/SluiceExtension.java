package io.sluice.harness;

import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.event.Level;

/**
 * Looks after every test what it left behind. It fails when an event loop was blocked, when an
 * entry above the level of {@link MaxLog} was logged, or when a verticle is still deployed to the
 * {@link Vertx} it was given as a parameter; and the class fails when a Netty buffer leaked.
 *
 * <p>Not to be used beside {@code VertxExtension}, which hands out a {@code Vertx} of its own.
 * Tests of one process run one after the other; in parallel they would hear each other.
 */
public final class SluiceExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(SluiceExtension.class);
  private static final int CLOSE_SECONDS = 20;

  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(OURS).put("leaks", LogWatch.start(Level.ERROR));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(OURS).put("watch", LogWatch.start(gravest(context)));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Vertx.class;
  }

  /** One for the test, and for its lifecycle methods the same. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getStore(OURS).computeIfAbsent("vertx", key -> Vertx.vertx(), Vertx.class);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    ExtensionContext.Store store = context.getStore(OURS);
    List<String> left = new ArrayList<>();
    Vertx vertx = store.remove("vertx", Vertx.class);
    if (vertx != null) {
      Set<String> deployed = vertx.deploymentIDs();
      if (!deployed.isEmpty()) {
        left.add(deployed.size() + " verticles are still deployed");
      }
      vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
    LogWatch watch = store.remove("watch", LogWatch.class);
    if (watch != null) {
      left.addAll(watch.end());
    }
    complain(left);
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    LogWatch leaks = context.getStore(OURS).remove("leaks", LogWatch.class);
    if (leaks != null) {
      awaitCollection();
      // Netty reports what was collected unreleased when the next buffer is asked for.
      PooledByteBufAllocator.DEFAULT.buffer(16).release();
      complain(leaks.end().stream().filter(entry -> entry.contains("LeakDetector")).toList());
    }
  }

  /** Collects garbage, and waits until the collector has told of an object of our own. */
  private static void awaitCollection() throws InterruptedException {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    WeakReference<Object> canary = new WeakReference<>(new Object(), collected);
    System.gc();
    collected.remove(2000);
    canary.clear();
  }

  private static Level gravest(ExtensionContext context) {
    return Stream.of(context.getElement(), context.getTestClass())
        .flatMap(Optional::stream)
        .map(element -> element.getAnnotation(MaxLog.class))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .map(MaxLog::value)
        .orElse(Level.INFO);
  }

  private static void complain(List<String> left) {
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + String.join("\n", left));
    }
  }
}
