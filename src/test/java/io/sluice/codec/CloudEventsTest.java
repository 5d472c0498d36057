package io.sluice.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Event;
import io.sluice.event.Origin;
import io.sluice.event.Position;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {
  private static final Origin ORIGIN =
      new Origin("app", Origin.ANONYMOUS, "application/json", Instant.EPOCH);
  private static final String NEEDED = "'specversion':'1.0','id':'1','source':'/s','type':'t'";

  @Test
  void readsAttributesIntoColumnsAndDataIntoThePayload() {
    Batch batch =
        taken(
            one(
                "{ 'time' : '2018-04-05T17:31:00Z' , 'subject':'\\u00e9.x',"
                    + "'count':-5,'flag':true,'partitionkey':'k','none':null,"
                    + " 'data' : {'a' : [1, 2.50 ] } ,"
                    + NEEDED
                    + "} "));

    Event event = batch.event(0);
    assertThat(payload(event)).isEqualTo("{\"a\" : [1, 2.50 ] }");
    assertThat(event.id()).contains("1");
    assertThat(event.key()).contains("k");
    assertThat(event.time()).isEqualTo(Instant.parse("2018-04-05T17:31:00Z"));
    assertThat(event.contentType()).isEqualTo("application/json");
    assertThat(event.attributes())
        .containsEntry("source", "/s")
        .containsEntry("type", "t")
        .containsEntry("subject", "\u00e9.x")
        .containsEntry("count", "-5")
        .containsEntry("flag", "true")
        .containsEntry("partitionkey", "k")
        .doesNotContainKeys("id", "time", "none", "data");
    assertThat(batch.lines()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'data':'a\\u00e9\\ud83d\\ude00\\n','datacontenttype':'text/plain; x=y' | aé😀~",
        "'data':'a\\u0020b' | \"a\\u0020b\"",
        "'data_base64':'YQ' | a",
        "'data':'a','datacontenttype':'text/json' | \"a\"",
        "'data':{ },'datacontenttype':'text/plain' | { }",
        "'data':null | null",
        "'data_base64':'YQpi','datacontenttype':'a/b' | a~b",
        "'data_base64':'Pz8\\/' | ???",
        "'data_base64':null | ``",
        "'subject':null | ``",
      })
  void decodesDataAsItsContentTypeSays(String members, String payload) {
    assertThat(payload(taken(one("{" + NEEDED + "," + members + "}")).event(0)))
        .isEqualTo(payload.replace('~', '\n'));
  }

  @Test
  void keepsTheLineFeedsOfDataAndGivesThemUpInLines() throws IOException {
    Batch batch = taken(one("{" + NEEDED + ",'data':{\n'a':\r\n1}}"));

    assertThat(payload(batch.event(0))).isEqualTo("{\n\"a\":\r\n1}");
    assertThat(batch.lines()).isFalse();
    assertThat(written(batch)).endsWith("\"data\":{ \"a\":  1}}\n");
  }

  @Test
  void givesBackEveryAttributeAsItCame() throws IOException {
    String event =
        "{'specversion':'1.0','id':'1','count':-5,'dataschema':'x:y','flag':false,'source':'/s','subject':'a%20b"
            + " \u00e9','text':'5','time':'2018-04-05T17:31:00.100+02:00','type':'t',"
            + "'data':[1,{}]}";

    assertThat(written(taken(one(event)))).isEqualTo(event.replace('\'', '"') + "\n");
  }

  @Test
  void saysNothingOfWhatDidNotCome() throws IOException {
    assertThat(written(taken(one("{" + NEEDED + "}"))))
        .isEqualTo(("{" + NEEDED + "}").replace('\'', '"') + "\n");
  }

  @Test
  void givesBackBinaryDataThatNobodyNamed() throws IOException {
    assertThat(written(taken(one("{" + NEEDED + ",'data_base64':'AAp9'}"))))
        .endsWith(",\"data_base64\":\"AAp9\"}\n");
  }

  @Test
  void readsBatchesOfDifferentTypes() {
    Batch batch =
        taken(
            many(
                "[{" + NEEDED + ",'data':1}, {" + NEEDED + ",'datacontenttype':'A/B ;c=d',",
                "'data_base64':'eHk=','partitionkey':'k'},{" + NEEDED + "}]"));

    assertThat(events(batch)).containsExactly("1", "xy", "");
    assertThat(batch.event(0).contentType()).isEqualTo("application/json");
    assertThat(batch.event(1).contentType()).isEqualTo("a/b");
    assertThat(batch.event(0).key()).isEmpty();
    assertThat(batch.event(1).key()).contains("k");
    assertThat(batch.lines()).isTrue();
    assertThat(new String(batch.region(), batch.from(), batch.bytes(), UTF_8))
        .isEqualTo("1\nxy\n\n");
  }

  @Test
  void holdsOnToLittleBesideThePayloads() {
    StringBuilder body = new StringBuilder("[");
    for (int i = 0; i < 100; i++) {
      body.append(i == 0 ? "" : ",").append("{" + NEEDED + ",'data':" + i + "}");
    }

    Batch batch = taken(many(body + "]"));

    assertThat(batch.size()).isEqualTo(100);
    assertThat(batch.region()).hasSizeLessThan(64 + 2 * batch.bytes());
    assertThat(batch.event(7).attributes()).isSameAs(batch.event(8).attributes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "source", "type", "specversion"})
  void namesWhatIsMissing(String name) {
    String without = "{" + NEEDED.replace("'" + name + "':", "'other':") + "}";

    assertThat(faults(one(without))).containsExactly("0:1:0 missing-attribute missing: " + name);
  }

  @Test
  void namesAllThatIsMissing() {
    assertThat(faults(one("\n{}")))
        .containsExactly("0:2:1 missing-attribute missing: id, source, type, specversion");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'specversion':'9' | specversion is not 1.0",
        "'specversion':1.0 | a number that is an attribute is an integer of 32 bits",
        "'specversion':1 | specversion is not a string",
        "'id':'' | id is empty",
        "'id':7 | id is not a string",
        "'id':'1','id':'2' | id is there twice",
        "'type':true | type is not a string",
        "'time':'yesterday' | time is not a timestamp (RFC 3339)",
        "'time':'2018-13-05T17:31:00Z' | time is not a timestamp (RFC 3339)",
        "'subject':'a\\u0000' | subject has a control character",
        "'subject':{} | an attribute is neither an object nor an array",
        "'x':[1] | an attribute is neither an object nor an array",
        "'x':1.5 | a number that is an attribute is an integer of 32 bits",
        "'x':2147483648 | a number that is an attribute is an integer of 32 bits",
        "'Xy':'1' | the name of an attribute has lower-case letters and digits only",
        "'':'1' | the name of an attribute has lower-case letters and digits only",
        "'json-unquoted':'x' | the name of an attribute has lower-case letters and digits only",
        "'data':1,'data_base64':'' | data is there twice",
        "'data_base64':1 | data_base64 is not a string",
        "'data_base64':'Y Q=' | data_base64 is not Base64",
      })
  void refusesWhatIsNoCloudEvent(String members, String detail) {
    String others = members.contains("'id'") ? "'x':'y'" : "'id':'1'";
    String event = "{" + others + "," + members + "}";

    assertThat(faults(one(event)))
        .singleElement()
        .asString()
        .endsWith(" invalid-cloudevent " + detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | 0:1:0 invalid-cloudevent a CloudEvent is a JSON object",
        "7 | 0:1:0 invalid-cloudevent a CloudEvent is a JSON object",
        "{'id':'1 | 0:1:8 incomplete-json the value is not complete",
        "{'id':'\\ud800'} | 0:1:7 lone-surrogate a surrogate escape stands without its other half",
      })
  void refusesOtherJson(String body, String fault) {
    assertThat(faults(one(body))).containsExactly(fault);
  }

  @Test
  void refusesTextBehindTheEvent() {
    assertThat(faults(one("{" + NEEDED + "} 1")))
        .singleElement()
        .asString()
        .contains("trailing-text");
  }

  @Test
  void takesABatchAsAWholeOrTheValidOnes() {
    String body = "[{" + NEEDED + "},\n{'id':''},\n7,{" + NEEDED + ",'data':2}]";

    assertThat(faults(many(body)))
        .containsExactly(
            "1:2:64 invalid-cloudevent id is empty",
            "2:3:69 invalid-cloudevent a CloudEvent is a JSON object");
    Split lenient = split(Shape.CLOUDEVENTS, body, Limits.USUAL, true);
    assertThat(events(taken(lenient))).containsExactly("", "2");
    assertThat(faults(lenient)).hasSize(2);
  }

  @Test
  void refusesABatchThatIsNoArrayAndKnowsAnEmptyOne() {
    assertThat(faults(many("{" + NEEDED + "}")))
        .containsExactly("0:1:0 invalid-cloudevent a batch of CloudEvents is a JSON array");
    assertThat(many("[ ]")).isInstanceOf(Split.Nothing.class);
  }

  @Test
  void countsTheWholeEventAgainstTheLimitAndTheDataAgainstTheDepth() {
    String event = "{" + NEEDED + ",'data':[[1]]}";
    int size = event.length();

    assertThat(taken(split(Shape.CLOUDEVENT, event, Limits.USUAL.withMaxEventBytes(size), false)))
        .isNotNull();
    assertThat(
            faults(split(Shape.CLOUDEVENT, event, Limits.USUAL.withMaxEventBytes(size - 1), false)))
        .containsExactly("0:1:0 too-large more than " + (size - 1) + " bytes");
    assertThat(taken(split(Shape.CLOUDEVENT, event, Limits.USUAL.withMaxDepth(2), false)))
        .isNotNull();
    assertThat(faults(split(Shape.CLOUDEVENT, event, Limits.USUAL.withMaxDepth(1), false)))
        .singleElement()
        .asString()
        .contains("too-deep");
  }

  @Test
  void readsHeadersPercentDecoded() {
    CloudEventHeaders read =
        headers(
            "Content-Type", "text/plain; charset=utf-8",
            "CE-ID", "Euro%20%E2%82%AC%20%f0%9f%98%80",
            "ce-source", "/a%2520b",
            "ce-type", "\"a \\\"b\\\" %41\"",
            "ce-specversion", "1.0",
            "ce-flag", "true");

    assertThat(read.fault()).isEmpty();
    assertThat(read.columns().ids()).containsExactly("Euro € 😀");
    assertThat(read.columns().attributes())
        .containsExactly(
            Map.of(
                "specversion", "1.0",
                "source", "/a%20b",
                "type", "a \"b\" A",
                "flag", "true",
                "datacontenttype", "text/plain; charset=utf-8"));
  }

  @ParameterizedTest
  @CsvSource({
    "ce-x,%C0%A0,ce-x is not percent-encoded UTF-8",
    "ce-x,%ED%A0%80,ce-x is not percent-encoded UTF-8",
    "ce-x,%zz,ce-x is not percent-encoded UTF-8",
    "ce-x,a%4,ce-x is not percent-encoded UTF-8",
    "ce-x,\u00e9,ce-x is not percent-encoded UTF-8",
    "ce-x,a%00,ce-x has a control character",
    "ce-id,2,ce-id is there twice",
    "ce-a_b,2,ce-the name of an attribute has lower-case letters and digits only",
    "ce-datacontenttype,a/b,ce-datacontenttype is what Content-Type is for",
    "ce-data,2,ce-data is not an attribute's name",
    "ce-time,2,ce-time is not a timestamp (RFC 3339)",
  })
  void refusesHeadersThatAreNoAttributes(String name, String value, String detail) {
    CloudEventHeaders read =
        headers(
            "ce-id", "1", "ce-source", "s", "ce-type", "t", "ce-specversion", "1.0", name, value);

    assertThat(read.fault().map(Fault::detail)).contains(detail);
  }

  private static CloudEventHeaders headers(String... namesAndValues) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(Map.entry(namesAndValues[i], namesAndValues[i + 1]));
    }
    return CloudEventHeaders.read(headers);
  }

  private static Split one(String body) {
    return split(Shape.CLOUDEVENT, body, Limits.USUAL, false);
  }

  private static Split many(String... parts) {
    return split(Shape.CLOUDEVENTS, String.join("", parts), Limits.USUAL, false);
  }

  /** Splits a body in which every quote is a single one. */
  private static Split split(Shape shape, String body, Limits limits, boolean lenient) {
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    return new Splitter(limits)
        .split(shape, Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length, ORIGIN, lenient);
  }

  private static Batch taken(Split split) {
    assertThat(split).isInstanceOf(Split.Taken.class);
    return ((Split.Taken) split).batch();
  }

  private static List<String> faults(Split split) {
    List<Fault> faults =
        split instanceof Split.Taken taken ? taken.rejected() : ((Split.Refused) split).faults();
    return faults.stream()
        .map(
            each ->
                "%d:%d:%d %s %s"
                    .formatted(
                        each.index(),
                        each.line(),
                        each.offset(),
                        each.flaw().word(),
                        each.detail()))
        .toList();
  }

  private static List<String> events(Batch batch) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      events.add(payload(batch.event(i)));
    }
    return events;
  }

  private static String payload(Event event) {
    return UTF_8.decode(event.payload()).toString();
  }

  private static String written(Batch batch) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LineFormat.CLOUDEVENTS.write("s", Position.START, batch, 0, batch.size(), out);
    return out.toString(UTF_8);
  }
}
