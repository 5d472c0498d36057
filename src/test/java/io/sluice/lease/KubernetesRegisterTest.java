package io.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.LeaseLostException;
import io.sluice.harness.FakeKubernetes;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.lease.Register.Head;
import io.sluice.lease.Register.Member;
import io.sluice.lease.Register.Taken;
import io.sluice.replica.KubernetesConfig;
import io.sluice.replica.LeaseTimes;
import io.sluice.replica.Replica;
import io.sluice.replica.ReplicasConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Against an API server over TLS, which does what one should, unless it is told otherwise. */
@ExtendWith(SluiceExtension.class)
class KubernetesRegisterTest implements RegisterContract {
  private static final Head MINE = new Head("a/1", 1);

  /** So long that a busy machine is not taken for a silent server. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private static Path account;
  private static FakeKubernetes server;
  private static Vertx vertx;
  private final List<Replica> replicas = new ArrayList<>();
  private Register register;

  @BeforeAll
  static void start() throws IOException {
    server = new FakeKubernetes(account);
    vertx = Vertx.vertx();
    // What TLS and JSON load when they are first used takes a busy machine seconds.
    KubernetesRegisterTest first = new KubernetesRegisterTest();
    Loop.wait(first.another("first", 1000, PATIENCE).beat(member("a/1", "1")));
    first.close();
  }

  @AfterAll
  static void stop() {
    Loop.wait(vertx.close());
    server.close();
  }

  @BeforeEach
  void open() throws IOException {
    server.clear();
    server.rotate();
    register = another("sluice", 1000, PATIENCE);
  }

  @AfterEach
  void close() {
    replicas.forEach(replica -> Loop.wait(replica.close()));
  }

  private Register another(String group, int requestsPerSecond, Duration timeout) {
    return another(group, requestsPerSecond, timeout, FakeKubernetes.NAMESPACE);
  }

  private Register another(
      String group, int requestsPerSecond, Duration timeout, String namespace) {
    KubernetesConfig config =
        new KubernetesConfig(
            Optional.of("https://127.0.0.1:" + server.port()),
            Optional.of(namespace),
            server.token(),
            server.ca(),
            requestsPerSecond,
            timeout);
    Replica replica =
        Replica.of(
            vertx,
            new ReplicasConfig(
                Optional.of("a"),
                group,
                Optional.empty(),
                Optional.of(config),
                Optional.empty(),
                new LeaseTimes(
                    Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2))),
            () -> "a",
            nothing -> null,
            new SimpleMeterRegistry());
    replicas.add(replica);
    return new KubernetesRegister(
        vertx,
        new KubernetesLeases(replica.kubernetes().orElseThrow()),
        new KubernetesForm(group, Duration.ofSeconds(15), Clock.systemUTC()));
  }

  @Override
  public Register register() {
    return register;
  }

  private static Member member(String identity, String beat) {
    return new Member(identity, beat, List.of());
  }

  private Register.Snapshot beat(String beat) {
    return Loop.wait(register.beat(member("a/1", beat)));
  }

  private Optional<Taken> take(Register by, Head expected, String holder) {
    return Loop.wait(by.take("orders", expected, holder));
  }

  private static Cursor at(String value) {
    return Cursor.of(Map.of("at", value));
  }

  private Future<Void> commit(long number, String value) {
    return register.commit("orders", MINE, number, at(value));
  }

  @Test
  void whatAnOperatorSeesInALease() {
    beat("7");
    take(register, Head.NONE, "a/1");
    Loop.wait(commit(1, "5"));

    List<JsonObject> leases = server.leases();
    assertThat(leases)
        .extracting(lease -> lease.getJsonObject("metadata").getString("name"))
        .allMatch(name -> name.matches("sluice-(a|orders)-[0-9a-f]{16}"));
    assertThat(leases)
        .extracting(lease -> lease.getJsonObject("spec").getString("holderIdentity"))
        .containsOnly("a/1");
    JsonObject replica = leases.get(0).getJsonObject("spec");
    assertThat(replica.getInteger("leaseDurationSeconds")).isEqualTo(15);
    assertThat(replica.getString("renewTime")).isNotBlank();
    assertThat(leases.get(1).getJsonObject("spec").getInteger("leaseTransitions")).isEqualTo(1);
  }

  @Test
  void groupsKnowNothingOfEachOther() {
    Register others = another("others", 1000, PATIENCE);
    Loop.wait(others.beat(member("x/1", "1")));
    take(others, Head.NONE, "x/1");

    assertThat(beat("1").members()).hasSize(1);
    assertThat(beat("2").heads()).isEmpty();
    assertThat(take(register, Head.NONE, "a/1")).isPresent();
  }

  @Test
  void aHolderThatStoodStillCannotCommit() {
    take(register, Head.NONE, "a/1");
    Loop.wait(commit(1, "5"));
    Register other = another("sluice", 1000, PATIENCE);
    take(other, MINE, "b/1");

    assertThatThrownBy(() -> Loop.wait(commit(2, "6"))).isInstanceOf(LeaseLostException.class);
    assertThat(take(other, new Head("b/1", 2), "b/1")).contains(new Taken(3, at("5")));
  }

  @Test
  void aSignOfLifeCostsTwoRequestsHoweverManySourcesThereAre() {
    beat("1");
    IntStream.range(0, 50).forEach(i -> Loop.wait(register.take("orders-" + i, Head.NONE, "a/1")));
    beat("2");
    server.forget();

    assertThat(beat("3").heads()).hasSize(50);
    assertThat(server.asked()).containsExactly("update", "list");
  }

  @Test
  void whatOthersTookOrGaveUpIsSeenAfterTheirNextSignOfLife() {
    Register other = another("sluice", 1000, PATIENCE);
    Loop.wait(other.beat(member("b/1", "1")));
    beat("1");
    take(other, Head.NONE, "b/1");
    Loop.wait(other.beat(member("b/1", "2")));

    assertThat(beat("2").heads()).containsEntry("orders", new Head("b/1", 1));
    Loop.wait(other.release("orders", new Head("b/1", 1)));
    Loop.wait(other.beat(member("b/1", "3")));
    assertThat(beat("3").heads()).containsEntry("orders", new Head("", 1));
  }

  @Test
  void aCommitIsOneRequest() {
    take(register, Head.NONE, "a/1");
    server.forget();
    Loop.wait(commit(1, "5"));
    Loop.wait(commit(2, "6"));

    assertThat(server.asked()).containsExactly("update", "update");
  }

  @Test
  void whatOthersWriteIntoALeaseStays() {
    take(register, Head.NONE, "a/1");
    JsonObject lease = server.leases().get(0);
    lease.getJsonObject("metadata").getJsonObject("annotations").put("team.example/of", "shop");
    server.edit(lease);
    Loop.wait(commit(1, "5"));

    assertThat(server.leases().get(0).encode()).contains("\"team.example/of\":\"shop\"");
  }

  @Test
  void aLeaseThatSomebodyDeletesIsLostAndBeginsAnew() {
    take(register, Head.NONE, "a/1");
    Loop.wait(commit(1, "5"));
    server.clear();

    assertThatThrownBy(() -> Loop.wait(commit(2, "6"))).isInstanceOf(LeaseLostException.class);
    assertThat(server.leases()).isEmpty();
    assertThat(take(register, Head.NONE, "a/1")).contains(new Taken(1, Cursor.START));
  }

  @Test
  void whoWasStruckOutByMistakeIsThereAgainWithTheNextSignOfLife() {
    beat("1");
    server.clear();

    assertThat(beat("2").members()).containsExactly(member("a/1", "2"));
  }

  @Test
  void aTokenThatChangedIsReadAgain() throws IOException {
    beat("1");
    server.rotate();

    assertThat(beat("2").members()).containsExactly(member("a/1", "2"));
  }

  @Test
  @MaxLog(Level.WARN)
  void aTokenThatIsRefusedIsReadOnce() throws IOException {
    beat("1");
    server.rotate();
    Files.writeString(server.token(), "wrong");
    server.forget();

    assertThatThrownBy(() -> beat("2"))
        .hasMessageContaining("answered 401: it does not take the token in " + server.token());
    assertThat(server.asked()).containsExactly("update", "update");
  }

  @Test
  @MaxLog(Level.WARN)
  void anEmptyTokenIsNeverShownNorRemembered() throws IOException {
    String token = Files.readString(server.token());
    Files.writeString(server.token(), "\n");

    assertThatThrownBy(() -> beat("1"))
        .hasMessageContaining("the service account's token in " + server.token() + " is empty");
    Files.writeString(server.token(), token);
    assertThat(beat("2").members()).containsExactly(member("a/1", "2"));
  }

  @Test
  @MaxLog(Level.WARN)
  void aNamespaceThatIsNotThereIsNamed() {
    register = another("sluice", 1000, PATIENCE, "nowhere");

    assertThatThrownBy(() -> beat("1"))
        .hasMessageContaining("the API server knows no namespace nowhere");
  }

  @Test
  @MaxLog(Level.ERROR)
  void aRightThatIsMissingIsNamed() {
    server.forbid("create");

    assertThatThrownBy(() -> beat("1"))
        .hasMessageContaining("may not create leases.coordination.k8s.io in the namespace events")
        .hasMessageContaining("it says: leases.coordination.k8s.io is forbidden: User ");
    server.allow("create");
    beat("2");
  }

  @Test
  @MaxLog(Level.WARN)
  void anApiServerThatWantsToBeLeftAloneIs() {
    beat("1");
    take(register, Head.NONE, "a/1");
    server.next(
        "update",
        (request, usual) -> {
          request.response().putHeader("retry-after", "1");
          FakeKubernetes.answer(request, 429, "");
        });
    long begun = System.nanoTime();
    assertThatThrownBy(() -> beat("2")).hasMessageContaining("429");
    server.forget();

    assertThatThrownBy(() -> beat("3")).hasMessageContaining("left alone");
    assertThat(server.asked()).isEmpty();
    Loop.wait(commit(1, "5"));
    assertThat(System.nanoTime() - begun).isGreaterThan(900_000_000L);
    assertThat(beat("4").members()).hasSize(1);
  }

  @Test
  void noMoreIsAskedForThanIsAllowed() {
    Register slow = another("sluice", 2, PATIENCE);
    Loop.wait(slow.beat(member("a/1", "1")));
    server.forget();
    long begun = System.nanoTime();
    List<Future<Optional<Taken>>> all =
        IntStream.range(0, 8).mapToObj(i -> slow.take("s" + i, Head.NONE, "a/1")).toList();
    Loop.wait(slow.beat(member("a/1", "2")));
    all.forEach(Loop::wait);

    assertThat(System.nanoTime() - begun).isGreaterThan(2_400_000_000L);
    // A sign of life does not stand in line.
    assertThat(server.asked()).containsOnlyOnce("update").hasSizeGreaterThanOrEqualTo(10);
    assertThat(server.asked().indexOf("update")).isLessThan(9);
  }

  @Test
  @MaxLog(Level.WARN)
  void anApiServerThatIsSilentIsWaitedForInVainAndWhatItDidIsFoundOut() {
    register = another("sluice", 1000, Duration.ofSeconds(3));
    beat("1");
    take(register, Head.NONE, "a/1");
    server.next(
        "update",
        (request, usual) -> {
          server.late(Duration.ofMillis(4500), usual);
        });
    assertThatThrownBy(() -> Loop.wait(commit(1, "5")))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(LeaseLostException.class)
        .hasMessageContaining("did not answer");
    await().untilAsserted(() -> assertThat(server.leases().toString()).contains("/cursor"));
    server.forget();
    Loop.wait(commit(1, "5"));
    assertThat(server.asked()).containsOnly("get");
    Loop.wait(commit(2, "6"));

    assertThat(take(register, MINE, "b/1")).contains(new Taken(2, at("6")));
  }

  @Test
  @MaxLog(Level.WARN)
  void aTakeWhoseAnswerMakesNoSenseIsFoundOutByTheNextSignOfLife() {
    beat("1");
    server.next("create", (request, usual) -> broken(request));

    assertThatThrownBy(() -> take(register, Head.NONE, "a/1")).hasMessageContaining("no JSON");
    assertThat(beat("2").heads()).containsEntry("orders", MINE);
    assertThat(take(register, MINE, "a/1")).contains(new Taken(2, Cursor.START));
  }

  /** It is done, and nobody can read that. */
  private void broken(HttpServerRequest request) {
    JsonObject lease =
        new JsonObject()
            .put("apiVersion", "coordination.k8s.io/v1")
            .put("kind", "Lease")
            .put(
                "metadata",
                new JsonObject()
                    .put("name", KubernetesNames.source("sluice", "orders"))
                    .put("uid", "u")
                    .put(
                        "labels",
                        new JsonObject().put("sluice.io/group", KubernetesNames.group("sluice")))
                    .put("annotations", new JsonObject().put("sluice.io/source", "orders")))
            .put("spec", new JsonObject().put("holderIdentity", "a/1").put("leaseTransitions", 1));
    server.edit(lease);
    FakeKubernetes.answer(request, 201, "{\"kind\":\"Lea");
  }

  @Test
  @MaxLog(Level.WARN)
  void anApiServerInTroubleIsAskedAgainLater() {
    take(register, Head.NONE, "a/1");
    server.next("update", (request, usual) -> FakeKubernetes.answer(request, 500, "oh"));
    assertThatThrownBy(() -> Loop.wait(commit(1, "5"))).hasMessageContaining("500");

    Loop.wait(commit(1, "5"));
  }

  @Test
  void aCursorThatIsTooLargeForALeaseIsRefusedBeforeItIsSent() {
    take(register, Head.NONE, "a/1");
    Loop.wait(commit(1, "5".repeat(70 << 10)));
    Loop.wait(register.reset("orders"));
    Loop.wait(commit(2, "6".repeat(70 << 10)));
    server.forget();

    assertThatThrownBy(() -> Loop.wait(commit(3, "5".repeat(80 << 10))))
        .hasMessageContaining("a Lease keeps 102400");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  @MaxLog(Level.WARN)
  void aDamagedCursorIsSaidToBeLostAndPutAside() {
    take(register, Head.NONE, "a/1");
    for (String damaged : List.of("!", Base64.getEncoder().encodeToString(new byte[30]))) {
      JsonObject lease = server.leases().get(0);
      lease.getJsonObject("metadata").getJsonObject("annotations").put("sluice.io/cursor", damaged);
      server.edit(lease);
      Register other = another("sluice", 1000, PATIENCE);
      Head head = new Head("a/1", lease.getJsonObject("spec").getLong("leaseTransitions"));

      assertThatThrownBy(() -> take(other, head, "a/1"))
          .isInstanceOf(CursorLostException.class)
          .hasMessageContaining("the cursor of orders in the Lease sluice-orders-");
    }
    Loop.wait(register.reset("orders"));
    assertThat(take(register, new Head("a/1", 3), "a/1")).contains(new Taken(4, Cursor.START));
  }
}
