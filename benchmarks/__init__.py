"""Side-by-side measurements, repeatable: ``bin/bench`` or ``bin/bench NAME``."""
