"""The stairwell: settings, environment read once, wiring. Nobody imports it."""
