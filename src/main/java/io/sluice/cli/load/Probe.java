package io.sluice.cli.load;

/** Told when measuring begins and ends, on the driver's first thread; has to be quick. */
public interface Probe {
  /** Looks at nothing. */
  Probe NONE =
      new Probe() {
        @Override
        public void opened() {}

        @Override
        public void closed() {}
      };

  /** The warm-up is over. */
  void opened();

  /** The measured time is over; answers may still be outstanding. */
  void closed();
}
