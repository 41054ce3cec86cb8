"""A virtual screen for the tests that use the real program as a person does, and the tests of that screen."""
