package io.sluice.source.poll.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.Optional;

/** One request. */
record Ask(HttpMethod method, URI url, MultiMap headers, Optional<Buffer> body) {}
