package io.sluice.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseScannerTest {
  private final ResponseScanner scanner = new ResponseScanner();

  @Test
  void findsTheEndOfABodyOfGivenLength() throws ProtocolException {
    assertThat(statuses("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello"))
        .containsExactly(202);
    assertThat(scanner.keepAlive()).isTrue();
  }

  @Test
  void findsEachOfSeveralResponsesInOneRead() throws ProtocolException {
    assertThat(
            statuses(
                "HTTP/1.1 204 No Content\r\n\r\n"
                    + "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\nno"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        .containsExactly(204, 503, 200);
  }

  @Test
  void findsTheSameResponsesHoweverTheyAreCut() throws ProtocolException {
    String stream =
        "HTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;x=y\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nTrailer: 1\r\n\r\n"
            + "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 3\r\n\r\nwai";
    for (int piece = 1; piece < stream.length(); piece++) {
      List<Integer> found = new ArrayList<>();
      for (int from = 0; from < stream.length(); from += piece) {
        found.addAll(statuses(stream.substring(from, Math.min(stream.length(), from + piece))));
      }
      assertThat(found).as("pieces of %d", piece).containsExactly(202, 429);
    }
  }

  @Test
  void saysWhenTheServerWillClose() throws ProtocolException {
    statuses("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assertThat(scanner.keepAlive()).isFalse();
    statuses("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(scanner.keepAlive()).isFalse();
    statuses("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(scanner.keepAlive()).isFalse();
  }

  @Test
  void refusesWhatIsNotHttp() {
    assertThatThrownBy(() -> statuses("SSH-2.0-OpenSSH_9.2\r\n"))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> statuses("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"))
        .isInstanceOf(ProtocolException.class);
  }

  private List<Integer> statuses(String text) throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    List<Integer> found = new ArrayList<>();
    while (scanner.scan(bytes)) {
      found.add(scanner.status());
    }
    return found;
  }
}
