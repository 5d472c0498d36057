package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Every;
import io.sluice.connector.Findings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimetablesTest {
  private static List<String> problems(String cron, String zone) {
    List<String> keys = new ArrayList<>();
    Timetables.inspect(
        new Every.Cron(cron, zone),
        new Findings() {
          @Override
          public void error(String key, String message) {
            keys.add(key);
          }

          @Override
          public void warning(String key, String message) {
            keys.add("warning " + key);
          }
        });
    return keys;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"* * * * *", "*/5 0-6 1,15 * 1-5", "30 6 * JAN-MAR MON", "0 0 29 2 *"})
  void expressionsOfFiveFieldsAreFine(String cron) {
    assertThat(problems(cron, "Europe/Berlin")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"* * * *", "* * * * * *", "61 * * * *", "nonsense", "* * * FOO *", "''"})
  void othersAreTold(String cron) {
    assertThat(problems(cron, "UTC")).containsExactly("every/cron");
  }

  @Test
  void aZoneThatIsNoneIsTold() {
    assertThat(problems("* * * * *", "Mars/Olympus")).containsExactly("every/zone");
  }
}
