package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "512B, 512, 512B",
    "64KiB, 65536, 64KiB",
    "64 KiB, 65536, 64KiB",
    "1024KiB, 1048576, 1MiB",
    "1025B, 1025, 1025B",
    "2GiB, 2147483648, 2GiB",
    "2048TiB, 2251799813685248, 2048TiB",
    "0B, 0, 0B"
  })
  void sizesAreReadAndWrittenWithTheirLargestUnit(String text, long bytes, String written) {
    ByteSize size = ByteSize.parse(text);

    assertThat(size.bytes()).isEqualTo(bytes);
    assertThat(size).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10 MB",
        "10mib",
        "-1B",
        "1.5GiB",
        "KiB",
        "8388608TiB",
        "99999999999999999999B"
      })
  void whatIsNoSizeIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 127.0.0.1, 8080, true",
    "127.9.9.9:1, 127.9.9.9, 1, true",
    "localhost:0, localhost, 0, true",
    "[::1]:443, ::1, 443, true",
    "0.0.0.0:80, 0.0.0.0, 80, false",
    "[::]:80, ::, 80, false",
    "[::ffff:127.0.0.1]:80, ::ffff:127.0.0.1, 80, true",
    "gateway.example:65535, gateway.example, 65535, false"
  })
  void addressesKnowWhetherTheyAreOfThisMachineAlone(
      String text, String host, int port, boolean loopback) {
    HostPort address = HostPort.parse(text);

    assertThat(address).isEqualTo(new HostPort(host, port)).hasToString(text);
    assertThat(address.loopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "8080",
        ":8080",
        "host",
        "host:",
        "host:65536",
        "::1:80",
        "[nope]:1",
        "http://a:80",
        "a b:1"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(text));
  }

  @Test
  void secretsCompareAndHide() {
    Secret secret = Secret.parse("canary");

    assertThat(secret).isEqualTo(Secret.parse("canary")).isNotEqualTo(Secret.parse("Canary"));
    assertThat(secret.matches("canary")).isTrue();
    assertThat(secret.reveal()).isEqualTo("canary");
    assertThat(secret.toString()).doesNotContain("canary");
  }

  @Test
  void listenersOpenToTheWorldNeedADecisionAboutAuth() {
    Check.guarded(HostPort.parse("127.0.0.1:80"), Optional.empty());
    Check.guarded(HostPort.parse("0.0.0.0:80"), Optional.of("none"));

    assertThatThrownBy(() -> Check.guarded(HostPort.parse("0.0.0.0:80"), Optional.empty()))
        .isInstanceOfSatisfying(
            BadValueException.class, bad -> assertThat(bad.key()).isEqualTo("auth"))
        .hasMessageContaining("a listener on a non-loopback address needs `auth`");
  }
}
