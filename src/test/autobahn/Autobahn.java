import java.util.HashMap;
import java.util.List;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;

/** Runs the Autobahn suite against an address, and prints a line for each case. */
public final class Autobahn {
  private Autobahn() {}

  public static void main(String[] args) throws Exception {
    List<String> cases = List.of(args).subList(1, args.length);
    AutobahnTestSuite.runFuzzingClient("Sluice", args[0], new HashMap<>(), cases, List.of())
        .forEach(System.out::println);
  }
}
