"""Values and rules: frozen dataclasses and pure functions, no input or output, the clock passed in."""
