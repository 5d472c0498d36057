package io.sluice.lease;

import io.sluice.connector.CursorLostException;
import io.sluice.connector.Step;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Those in Leases of the Kubernetes API, as a {@link KubernetesRegister} writes them. */
record KubernetesCursors(KubernetesLeases leases, KubernetesForm form) implements SharedCursors {
  private static final int TRIES = 5;

  @Override
  public Future<List<KeptCursor>> all() {
    return leases
        .list(form.selector())
        .map(
            found ->
                found.stream()
                    .flatMap(lease -> form.source(lease).map(name -> kept(name, lease)).stream())
                    .sorted(Comparator.comparing(KeptCursor::source))
                    .toList());
  }

  private static KeptCursor kept(String source, KubernetesLease lease) {
    return new KeptCursor(
        source,
        Identities.name(lease.holder()),
        lease.transitions(),
        () -> KubernetesForm.cursor(source, lease));
  }

  @Override
  public Future<Optional<KeptCursor>> find(String source) {
    return leases.get(form.source(source), false).map(found -> found.map(it -> kept(source, it)));
  }

  @Override
  public Future<Optional<KeptCursor>> rewind(String source, Optional<Step> step) {
    return rewind(source, step, TRIES);
  }

  private Future<Optional<KeptCursor>> rewind(String source, Optional<Step> step, int tries) {
    if (tries == 0) {
      return Future.failedFuture(
          new IOException("the Lease " + form.source(source) + " keeps changing; try again"));
    }
    return leases
        .get(form.source(source), false)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
              }
              KeptCursor before = kept(source, found.get());
              KubernetesLease moved;
              try {
                moved = moved(found.get(), before, step);
              } catch (IOException wrong) {
                return Future.failedFuture(wrong);
              }
              return leases
                  .write(moved, false)
                  .compose(
                      done ->
                          done.isPresent()
                              ? Future.succeededFuture(Optional.of(before))
                              : rewind(source, step, tries - 1));
            });
  }

  /** Nobody's, under the next term. */
  private KubernetesLease moved(KubernetesLease lease, KeptCursor before, Optional<Step> step)
      throws IOException {
    long term = before.term() + 1;
    KubernetesLease free = form.taken(before.source(), Optional.of(lease), "", term);
    return step.isEmpty()
        ? KubernetesForm.reset(free)
        : form.committed(free, 0, content(before, term, step.get()));
  }

  private static String content(KeptCursor before, long term, Step step) throws IOException {
    String content =
        KubernetesForm.encoded(new CursorRecord(term, step.from(before.cursor().read())));
    if (content.length() > KubernetesForm.LARGEST) {
      throw new CursorLostException(
          "that cursor takes "
              + content.length()
              + " characters, and a Lease keeps "
              + KubernetesForm.LARGEST);
    }
    return content;
  }

  @Override
  public String aside(String source) {
    return "an annotation of the Lease " + form.source(source);
  }
}
