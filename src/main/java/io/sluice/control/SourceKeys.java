package io.sluice.control;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Names;

/** The keys that every source has. */
record SourceKeys(@Key(doc = "The stream its events go to.") String to) {
  SourceKeys {
    Check.that(Names.fits(to), "to", "names a stream: it " + Names.RULE);
  }
}
