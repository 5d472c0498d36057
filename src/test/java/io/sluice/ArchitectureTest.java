package io.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may import whom, and what nobody may do. */
@AnalyzeClasses(packages = "io.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.sluice";

  /** Every room, and the rooms it may import beside itself; {@code *} is all but {@code app}. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("event", Set.of()),
          Map.entry("config", Set.of()),
          Map.entry("telemetry", Set.of()),
          Map.entry("connector", Set.of("event", "config", "telemetry")),
          Map.entry("codec", Set.of("event", "config")),
          Map.entry("net", Set.of("config", "telemetry", "connector")),
          Map.entry("auth", Set.of("config", "telemetry", "connector")),
          Map.entry(
              "source",
              Set.of("connector", "codec", "net", "auth", "event", "config", "telemetry")),
          Map.entry(
              "sink", Set.of("connector", "codec", "net", "auth", "event", "config", "telemetry")),
          Map.entry("journal", Set.of("event", "telemetry")),
          Map.entry("flow", Set.of("connector", "event", "config", "telemetry")),
          Map.entry(
              "stream",
              Set.of("replica", "flow", "journal", "connector", "event", "config", "telemetry")),
          Map.entry("delivery", Set.of("flow", "connector", "event", "config", "telemetry")),
          Map.entry("replica", Set.of("net", "config", "telemetry")),
          Map.entry("lease", Set.of("replica", "connector", "config", "event", "telemetry")),
          Map.entry("report", Set.of("connector", "telemetry")),
          Map.entry(
              "control",
              Set.of(
                  "report",
                  "stream",
                  "delivery",
                  "lease",
                  "replica",
                  "flow",
                  "connector",
                  "config",
                  "event",
                  "telemetry")),
          Map.entry(
              "admin",
              Set.of(
                  "control",
                  "report",
                  "stream",
                  "delivery",
                  "connector",
                  "event",
                  "config",
                  "telemetry",
                  "net",
                  "auth")),
          Map.entry("cli", Set.of("*")),
          Map.entry("app", Set.of("*")));

  /** Code that runs only on threads made for waiting: the main thread of a command. */
  private static final String[] MAY_WAIT = {"io.sluice.cli..", "io.sluice.app.."};

  @ArchTest
  static final ArchRule roomsImportOnlyWhatTheyMay =
      classes().should(importOnlyWhatTheirRoomMay()).allowEmptyShould(true);

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule staticFieldsAreFinal =
      fields().that().areStatic().should().beFinal().allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyAppExitsAndReadsTheEnvironment =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sluice.app..")
          .should()
          .callMethodWhere(
              call(System.class, "exit", "getenv")
                  .or(call(Runtime.class, "exit", "halt", "addShutdownHook")));

  @ArchTest
  static final ArchRule onlyAppCreatesVertx =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sluice.app..")
          .should()
          .callMethodWhere(call(Vertx.class, "vertx", "builder", "clusteredVertx"));

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses().should().callMethodWhere(call(Thread.class, "sleep"));

  @ArchTest
  static final ArchRule nobodyWaitsForAFuture =
      noClasses()
          .that()
          .resideOutsideOfPackages(MAY_WAIT)
          .should()
          .callMethodWhere(
              call(Future.class, "await")
                  .or(call(java.util.concurrent.Future.class, "get"))
                  .or(call(java.util.concurrent.CompletableFuture.class, "join", "get")));

  /**
   * What times out with {@link Future#timeout} goes on wherever the timer is, and a promise that
   * belongs to no context has it on a thread that is nobody's event loop.
   */
  @ArchTest
  static final ArchRule whatIsConfinedToALoopTimesOutThere =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sluice.flow..",
              "io.sluice.stream..",
              "io.sluice.journal..",
              "io.sluice.delivery..",
              "io.sluice.sink..")
          .should()
          .callMethodWhere(call(Future.class, "timeout"));

  @ArchTest
  static final ArchRule untypedJsonStaysAtTheEdge =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.sluice.config..", "io.sluice.admin..", "io.sluice.codec..", "io.sluice.cli..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(JsonObject.class, JsonArray.class)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nobodyUsesTheInsidesOfVertx =
      noClasses()
          .that()
          // A paused NetSocket reads on, and one whose client has ended is closed; it says so
          // there.
          .doNotHaveFullyQualifiedName("io.sluice.net.TcpConnection")
          .should()
          .dependOnClassesThat(are(resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..")));

  @ArchTest
  static final ArchRule namesSayTheRole =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameStartingWith("Abstract");

  @ArchTest
  static final ArchRule onlyVerticleBaseIsExtended =
      classes()
          .that(are(resideInAPackage(ROOT + "..")))
          .and()
          .areNotInterfaces()
          .should(extendNoneOfOurs());

  /** A method of {@code owner} or of what extends it, by name. */
  private static DescribedPredicate<JavaAccess<?>> call(Class<?> owner, String... names) {
    return JavaAccess.Predicates.targetOwner(
            com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(owner))
        .and(JavaAccess.Predicates.target(nameMatching("(" + String.join("|", names) + ")")))
        .forSubtype()
        .as("%s.%s", owner.getSimpleName(), String.join("/", names));
  }

  private static ArchCondition<JavaClass> importOnlyWhatTheirRoomMay() {
    return new ArchCondition<>("import only what their room may") {
      @Override
      public void check(JavaClass from, ConditionEvents events) {
        Room room = Room.of(from);
        Set<String> allowed = MAY_IMPORT.get(room.name());
        if (allowed == null) {
          events.add(
              SimpleConditionEvent.violated(
                  from, from.getName() + " is in a room without a rule: " + room.name()));
          return;
        }
        from.getDirectDependenciesFromSelf().stream()
            .filter(to -> to.getTargetClass().getPackageName().startsWith(ROOT))
            .filter(to -> !room.mayImport(Room.of(to.getTargetClass()), allowed))
            .forEach(to -> events.add(SimpleConditionEvent.violated(from, to.getDescription())));
      }
    };
  }

  private static ArchCondition<JavaClass> extendNoneOfOurs() {
    return new ArchCondition<>("extend none of our classes") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getRawSuperclass()
            .filter(parent -> parent.getPackageName().startsWith(ROOT))
            // A constant with a body is a class of its own below its enum.
            .filter(parent -> !parent.isEnum())
            .ifPresent(
                parent ->
                    events.add(
                        SimpleConditionEvent.violated(
                            type, type.getName() + " extends " + parent.getName())));
      }
    };
  }

  /** A room, and within {@code source} and {@code sink} the connector's own folder. */
  private record Room(String name, String folder) {
    static Room of(JavaClass type) {
      String path = type.getPackageName().substring(ROOT.length());
      List<String> names = List.of(path.isEmpty() ? new String[] {"", ""} : path.split("\\."));
      String name = names.get(1);
      boolean connectors = name.equals("source") || name.equals("sink");
      return new Room(name, connectors ? path : "." + name);
    }

    boolean mayImport(Room other, Set<String> allowed) {
      return folder.equals(other.folder)
          || (!name.equals(other.name) && allowed.contains(other.name))
          || (allowed.contains("*") && (!other.name.equals("app") || name.equals("app")));
    }
  }
}
