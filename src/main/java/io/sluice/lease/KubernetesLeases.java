package io.sluice.lease;

import io.sluice.replica.KubernetesApi;
import io.sluice.replica.KubernetesApi.Answer;
import io.sluice.replica.KubernetesApi.Ask;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads and writes Leases; every write says which version it replaces. Confined as the API. */
record KubernetesLeases(KubernetesApi api) {
  private static final Optional<Buffer> NONE = Optional.empty();

  /** Turns an answer into what it means. */
  @FunctionalInterface
  private interface Meaning<T> {
    T of(Buffer body) throws IOException;
  }

  private static <T> Future<T> read(Answer answer, Meaning<T> meaning) {
    try {
      return Future.succeededFuture(meaning.of(answer.body()));
    } catch (IOException bad) {
      return Future.failedFuture(bad);
    }
  }

  /** Of a write; empty when something else is there by now. */
  private static Future<Optional<KubernetesLease>> written(Answer answer) {
    return answer.done()
        ? read(answer, body -> Optional.of(KubernetesLease.read(body)))
        : Future.succeededFuture(Optional.empty());
  }

  /** All with such labels, as they are at this moment: nothing that a cache has. */
  Future<List<KubernetesLease>> list(String selector) {
    String query = "labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
    return api.ask(new Ask(HttpMethod.GET, "", query, NONE, true))
        .compose(
            answer ->
                answer.done()
                    ? read(answer, KubernetesLease::readAll)
                    : Future.failedFuture(
                        new IOException("the API server knows no Leases of this namespace")));
  }

  Future<Optional<KubernetesLease>> get(String name, boolean urgent) {
    return api.ask(new Ask(HttpMethod.GET, name, "", NONE, urgent))
        .compose(KubernetesLeases::written);
  }

  /** Creates, or replaces what it was made from; empty when something else is there by now. */
  Future<Optional<KubernetesLease>> write(KubernetesLease lease, boolean urgent) {
    Optional<Buffer> body = Optional.of(lease.encode());
    return api.ask(
            lease.isThere()
                ? new Ask(HttpMethod.PUT, lease.name(), "", body, urgent)
                : new Ask(HttpMethod.POST, "", "", body, urgent))
        .compose(KubernetesLeases::written);
  }

  /** Deletes it, if it is unchanged. */
  Future<Void> delete(KubernetesLease lease) {
    Optional<Buffer> body = Optional.of(lease.unchanged());
    return api.ask(new Ask(HttpMethod.DELETE, lease.name(), "", body, false)).mapEmpty();
  }
}
